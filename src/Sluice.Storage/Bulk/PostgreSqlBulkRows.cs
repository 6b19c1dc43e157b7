using Microsoft.EntityFrameworkCore;
using Npgsql;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Bulk;

/// <summary>Binary COPY; an update goes through a temporary table of the same columns.</summary>
internal sealed class PostgreSqlBulkRows : IBulkRows
{
    public async Task InsertAsync<T>(SluiceContext context, BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0) await CopyAsync(context, table.Name, table, rows, cancellationToken);
    }

    public async Task UpdateAsync<T>(SluiceContext context, BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        const string changed = "changed_rows";
        var key = table.Columns[0];
        var set = string.Join(", ", table.Columns.Skip(1).Select(column => $"{column} = c.{column}"));
        await context.ExecuteAsync(
            $"CREATE TEMP TABLE {changed} ON COMMIT DROP AS SELECT {string.Join(", ", table.Columns)} FROM {table.Name} WITH NO DATA", cancellationToken);
        await CopyAsync(context, changed, table, rows, cancellationToken);
        await context.ExecuteAsync($"UPDATE {table.Name} t SET {set} FROM {changed} c WHERE t.{key} = c.{key}", cancellationToken);
        await context.ExecuteAsync($"DROP TABLE {changed}", cancellationToken);
    }

    private static async Task CopyAsync<T>(
        SluiceContext context, string target, BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"COPY {target} ({string.Join(", ", table.Columns)}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        try
        {
            using var writer = new PostgreSqlRowWriter(copy, table.Columns.Count);
            foreach (var row in rows)
            {
                writer.StartRow();
                table.Write(writer, row);
                await writer.EndRowAsync(cancellationToken);
            }

            await writer.EndAsync(cancellationToken);
        }
        catch
        {
            // Else its end would be taken for the end of the rows.
            await copy.CancelAsync();
            throw;
        }
    }
}
