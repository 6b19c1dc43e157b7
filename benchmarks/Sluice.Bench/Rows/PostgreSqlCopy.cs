using Npgsql;
using NpgsqlTypes;

namespace Sluice.Bench.Rows;

/// <summary>Binary COPY into the three tables, in one transaction.</summary>
internal static class PostgreSqlCopy
{
    public static async Task RunAsync(string connectionString, CatalogRows rows, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await CopyAsync(connection, rows.Objects, cancellationToken);
        await CopyAsync(connection, rows.Columns, cancellationToken);
        await CopyAsync(connection, rows.Tags, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task CopyAsync<T>(NpgsqlConnection connection, TableRows<T> table, CancellationToken cancellationToken)
    {
        await using var importer = await connection.BeginBinaryImportAsync(
            $"COPY {table.Name} ({string.Join(", ", table.Columns)}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        importer.Timeout = TimeSpan.FromMinutes(10);
        var sink = new ImportSink(importer);
        foreach (var row in table.Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            importer.StartRow();
            table.Write(sink, row);
        }

        await importer.CompleteAsync(cancellationToken);
    }

    private sealed class ImportSink(NpgsqlBinaryImporter importer) : RowSink
    {
        public override void Write(long? value)
        {
            if (value is { } number) importer.Write(number, NpgsqlDbType.Bigint);
            else importer.WriteNull();
        }

        public override void Write(int value) => importer.Write(value, NpgsqlDbType.Integer);

        public override void Write(bool? value)
        {
            if (value is { } flag) importer.Write(flag, NpgsqlDbType.Boolean);
            else importer.WriteNull();
        }

        public override void Write(string? value)
        {
            if (value is not null) importer.Write(value, NpgsqlDbType.Text);
            else importer.WriteNull();
        }

        public override void Write(byte[]? value)
        {
            if (value is null) importer.WriteNull();
            else importer.Write(value, NpgsqlDbType.Bytea);
        }

        public override void Write(Guid value) => importer.Write(value, NpgsqlDbType.Uuid);
    }
}
