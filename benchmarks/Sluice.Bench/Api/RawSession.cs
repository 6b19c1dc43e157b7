using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Sluice.Bench.Api;

/// <summary>Runs one request's statements on a pooled connection, the way ADO.NET's documentation shows it.</summary>
internal sealed class RawSession(SqliteConnection connection) : IAsyncDisposable
{
    public static async Task<RawSession> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return new RawSession(connection);
    }

    public SqliteTransaction Begin() => connection.BeginTransaction(deferred: true);

    /// <summary>Reads every row and every column of a look-up, and keeps nothing.</summary>
    public async Task DrainAsync(string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await foreach (var row in RowsAsync(sql, parameters).WithCancellation(cancellationToken))
        {
            for (var i = 0; i < row.FieldCount; i++) _ = row.GetValue(i);
        }
    }

    public async IAsyncEnumerable<DbDataReader> RowsAsync(string sql, (string Name, object Value)[] parameters)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) yield return reader;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
