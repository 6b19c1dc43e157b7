using System.Data.Common;

namespace Sluice.Bench.Rows;

/// <summary>
/// Counts the rows that are inserted, updated or deleted in the tables of the catalog, whoever does it and whether their values change or not:
/// by triggers that note each row in a table of the bench's own.
/// </summary>
internal static class WriteCount
{
    private static readonly string[] Tables = ["data_objects", "data_columns", "object_tags"];

    public static async Task StartAsync(DbConnection connection, bool isSqlite, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "CREATE TABLE bench_writes (what text NOT NULL)", cancellationToken);
        if (!isSqlite)
        {
            await ExecuteAsync(
                connection,
                "CREATE FUNCTION bench_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO bench_writes VALUES (TG_TABLE_NAME || ' ' || TG_OP); RETURN NULL; END $$",
                cancellationToken);
        }

        foreach (var table in Tables)
        {
            foreach (var operation in (string[])["INSERT", "UPDATE", "DELETE"])
            {
                await ExecuteAsync(
                    connection,
                    isSqlite
                        ? $"CREATE TRIGGER bench_{table}_{operation} AFTER {operation} ON {table} BEGIN INSERT INTO bench_writes VALUES ('{table} {operation}'); END"
                        : $"CREATE TRIGGER bench_{operation} AFTER {operation} ON {table} FOR EACH ROW EXECUTE FUNCTION bench_note()",
                    cancellationToken);
            }
        }
    }

    public static async Task<long> ReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM bench_writes";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken));
    }

    /// <summary>Proves the counter: an update that changes nothing must count.</summary>
    public static async Task<long> ProveAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "UPDATE data_objects SET depth = depth WHERE parent_id IS NULL", cancellationToken);
        return await ReadAsync(connection, cancellationToken);
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
