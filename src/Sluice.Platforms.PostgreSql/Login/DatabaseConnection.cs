using System.Data;
using Npgsql;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>A statement with its values.</summary>
internal sealed record Query(string Sql, params object[] Values)
{
    public NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Sql);
        foreach (var value in Values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}

/// <summary>
/// A logged-in database. Everything is read in short read-only transactions, one round trip each, and written in one short transaction: nothing of
/// the customer's is held in between, and a transaction pooler on the way does no harm.
/// </summary>
internal sealed class DatabaseConnection(
    NpgsqlDataSource source, string name, int serverVersion, ServerTarget target, Retrier retrier, PostgreSqlOptions options)
    : IAsyncDisposable
{
    // One snapshot for the statements of a batch, so that a table and its columns are of the same moment.
    private const string Begin = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

    // A database's owner can set another path and put an operator of their own before the system's. It also fixes how types are spelled.
    private const string FixPath = "SET LOCAL search_path = pg_catalog, pg_temp";

    private const string End = "COMMIT";

    // A lock that is waited for stops everybody who comes after. The warnings are read, whatever the account's own settings say.
    private static readonly string[] BeginWriting =
        ["BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE", FixPath, "SET LOCAL client_min_messages = 'warning'", "SET LOCAL row_security = on"];

    /// <summary>The database's name.</summary>
    public string Name => name;

    /// <summary>The server's major version.</summary>
    public int ServerVersion => serverVersion;

    /// <summary>Runs statements in one transaction and takes their results, the first already at hand. Retried while that can help.</summary>
    /// <exception cref="PlatformException">In the server's own words.</exception>
    public Task<T> ReadAsync<T>(
        IReadOnlyList<Query> queries, Func<Answer, Task<T>> read, CancellationToken cancellationToken) =>
        retrier.RunAsync(options.ReadRetries, token => TryReadAsync(queries, read, token), cancellationToken);

    /// <summary>
    /// Changes something in one transaction. Retried while that can help, and after an answer that was lost: what is written has to be the same when it
    /// is written twice.
    /// </summary>
    /// <exception cref="PlatformException">In the server's own words; nothing was changed, or the answer was lost.</exception>
    public Task WriteAsync(Func<WriteTransaction, Task> write, CancellationToken cancellationToken) =>
        retrier.RunAsync(
            options.WriteRetries,
            async token =>
            {
                await TryWriteAsync(write, token);
                return true;
            },
            cancellationToken);

    /// <summary>
    /// Whether something between us and the server answers in its name: a pooler gives out process numbers of its own, the server's session
    /// has another.
    /// </summary>
    public async Task<bool> IsBehindPoolerAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT pg_catalog.pg_backend_pid()", connection);
            return await command.ExecuteScalarAsync(cancellationToken) is int process && process != connection.ProcessID;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw PostgreSqlFailures.Translate(e, target);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task TryWriteAsync(Func<WriteTransaction, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var transaction = new WriteTransaction(connection, options, cancellationToken);
            connection.Notice += transaction.OnNotice;
            try
            {
                await transaction.ExecuteAsync([.. BeginWriting, $"SET LOCAL lock_timeout = {(int)options.LockTimeout.TotalMilliseconds}"]);
                await write(transaction);
                await transaction.ExecuteAsync(End);
            }
            catch
            {
                await RollBackAsync(connection);
                throw;
            }
            finally
            {
                connection.Notice -= transaction.OnNotice;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw PostgreSqlFailures.Translate(e, target);
        }
    }

    private static async Task RollBackAsync(NpgsqlConnection connection)
    {
        try
        {
            // Not cancelled with the work: what was begun is undone first.
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand("ROLLBACK") } };
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and with it what was begun.
        }
    }

    private async Task<T> TryReadAsync<T>(
        IReadOnlyList<Query> queries, Func<Answer, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Begin));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(FixPath));
            foreach (var query in queries) batch.BatchCommands.Add(query.ToCommand());
            batch.BatchCommands.Add(new NpgsqlBatchCommand(End));

            // Row by row, so that a long answer is never held before it is measured.
            await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
            try
            {
                var result = await read(new Answer(reader, options, cancellationToken));

                // Reading to the end is what meets an error of a statement after the last one that was read.
                while (await reader.NextResultAsync(cancellationToken))
                {
                }

                return result;
            }
            catch (Exception e) when (e is not (NpgsqlException or OperationCanceledException))
            {
                // Closing a reader reads what is left of the answer, which need not end: this breaks the connection instead.
                batch.Cancel();
                throw;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw PostgreSqlFailures.Translate(e, target);
        }
    }
}
