using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Bulk;

/// <summary>
/// One statement, prepared once per call and stepped per row through the native interface. Without the ADO.NET layer's cost per call, rows
/// put together into one statement gain nothing.
/// </summary>
internal sealed class SqliteBulkRows : IBulkRows
{
    public Task InsertAsync<T>(SluiceContext context, BulkTable<T> table, IEnumerable<T> rows, CancellationToken cancellationToken)
    {
        var values = string.Join(", ", Enumerable.Range(1, table.Columns.Count).Select(i => $"?{i}"));
        return RunAsync(context, $"INSERT INTO {table.Name} ({string.Join(", ", table.Columns)}) VALUES ({values})", table, rows, cancellationToken);
    }

    public Task UpdateAsync<T>(SluiceContext context, BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
    {
        var set = string.Join(", ", table.Columns.Skip(1).Select((column, i) => $"{column} = ?{i + 2}"));
        return rows.Count == 0 ? Task.CompletedTask : RunAsync(context, $"UPDATE {table.Name} SET {set} WHERE {table.Columns[0]} = ?1", table, rows, cancellationToken);
    }

    private static Task RunAsync<T>(
        SluiceContext context, string sql, BulkTable<T> table, IEnumerable<T> rows, CancellationToken cancellationToken)
    {
        using var writer = new SqliteRowWriter(((SqliteConnection)context.Database.GetDbConnection()).Handle!, sql);
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            table.Write(writer, row);
            writer.EndRow();
        }

        return Task.CompletedTask;
    }
}
