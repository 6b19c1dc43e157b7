using Npgsql;

namespace Sluice.Storage.Bulk;

/// <summary>Writes a row's values into a binary COPY. The calls are synchronous: they fill a buffer, and a page is few buffers.</summary>
internal sealed class PostgreSqlRowWriter(NpgsqlBinaryImporter importer) : IRowWriter
{
    public void StartRow() => importer.StartRow();

    public void Write(long? value)
    {
        if (value is { } number) importer.Write(number);
        else importer.WriteNull();
    }

    public void Write(int value) => importer.Write(value);

    public void Write(bool? value)
    {
        if (value is { } flag) importer.Write(flag);
        else importer.WriteNull();
    }

    public void Write(string? value)
    {
        if (value is not null) importer.Write(value);
        else importer.WriteNull();
    }

    public void Write(byte[] value) => importer.Write(value);

    public void Write(Guid value) => importer.Write(value);
}
