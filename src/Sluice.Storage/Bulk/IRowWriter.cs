namespace Sluice.Storage.Bulk;

/// <summary>Takes the values of one row after the other, typed, so that a million rows box nothing.</summary>
internal interface IRowWriter
{
    void Write(long? value);

    void Write(int value);

    void Write(bool? value);

    void Write(string? value);

    void Write(byte[]? value);

    void Write(Guid value);
}
