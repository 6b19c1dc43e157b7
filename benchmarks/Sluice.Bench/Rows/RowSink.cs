namespace Sluice.Bench.Rows;

/// <summary>Takes a row's values one by one, typed: a baseline that boxes a million rows would be none.</summary>
internal abstract class RowSink
{
    public abstract void Write(long? value);

    public abstract void Write(int value);

    public abstract void Write(bool? value);

    public abstract void Write(string? value);

    public abstract void Write(byte[]? value);

    public abstract void Write(Guid value);
}
