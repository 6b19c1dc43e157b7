using Microsoft.EntityFrameworkCore;
using Npgsql;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Bulk;

/// <summary>Binary COPY; an update goes through a temporary table of the same columns.</summary>
internal sealed class PostgreSqlBulkRows : IBulkRows
{
    public async Task InsertAsync<T>(SluiceContext context, BulkTable<T> table, IEnumerable<T> rows, CancellationToken cancellationToken)
    {
        using var each = rows.GetEnumerator();
        if (each.MoveNext()) await CopyAsync(context, table.Name, table, each, cancellationToken);
    }

    public async Task UpdateAsync<T>(SluiceContext context, BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        const string changed = "changed_rows";
        var key = table.Columns[0];
        var set = string.Join(", ", table.Columns.Skip(1).Select(column => $"{column} = c.{column}"));
        await context.ExecuteAsync(
            $"CREATE TEMP TABLE {changed} ON COMMIT DROP AS SELECT {string.Join(", ", table.Columns)} FROM {table.Name} WITH NO DATA", cancellationToken);
        using var each = rows.GetEnumerator();
        each.MoveNext();
        await CopyAsync(context, changed, table, each, cancellationToken);
        await context.ExecuteAsync($"UPDATE {table.Name} t SET {set} FROM {changed} c WHERE t.{key} = c.{key}", cancellationToken);
        await context.ExecuteAsync($"DROP TABLE {changed}", cancellationToken);
    }

    // From the row that is reached on.
    private static async Task CopyAsync<T>(
        SluiceContext context, string target, BulkTable<T> table, IEnumerator<T> rows, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"COPY {target} ({string.Join(", ", table.Columns)}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        try
        {
            using var writer = new PostgreSqlRowWriter(copy, table.Columns.Count);
            do
            {
                writer.StartRow();
                table.Write(writer, rows.Current);
                await writer.EndRowAsync(cancellationToken);
            }
            while (rows.MoveNext());

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
