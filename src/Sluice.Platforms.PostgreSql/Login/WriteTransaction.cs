using System.Data;
using Npgsql;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>A transaction that changes something: read and write in it, then it is committed, or all of it is undone.</summary>
internal sealed class WriteTransaction(NpgsqlConnection connection, PostgreSqlOptions options, CancellationToken cancellationToken)
{
    private string? _withoutEffect;

    /// <summary>The server's major version.</summary>
    public int ServerVersion => connection.PostgreSqlVersion.Major;

    /// <summary>Runs statements, in their order.</summary>
    public async Task ExecuteAsync(params IReadOnlyList<string> statements)
    {
        // A long batch is answered before it is sent whole, and both ends would wait for each other.
        foreach (var chunk in statements.Chunk(options.StatementsAtOnce)) await ExecuteAsync(chunk.Select(s => new Query(s)));
    }

    /// <summary>Runs a statement with values.</summary>
    public Task ExecuteAsync(Query statement) => ExecuteAsync([statement]);

    /// <summary>Reads rows.</summary>
    public async Task<List<T>> ReadAsync<T>(Query query, Func<Answer, Task<T>> read)
    {
        await using var batch = Batch([query]);
        await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        return await new Answer(reader, options, cancellationToken).RowsAsync(read);
    }

    /// <summary>Hears what the server remarks. A GRANT by somebody who may not grant is a warning, and grants nothing.</summary>
    public void OnNotice(object sender, NpgsqlNoticeEventArgs e)
    {
        if (e.Notice.SqlState is PostgresErrorCodes.PrivilegeNotGrantedWarning or PostgresErrorCodes.PrivilegeNotRevokedWarning)
            _withoutEffect ??= ForeignWords.Bounded(e.Notice.MessageText);
    }

    private async Task ExecuteAsync(IEnumerable<Query> statements)
    {
        await using var batch = Batch(statements);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (_withoutEffect is { } warning)
        {
            throw new PlatformException(
                PlatformFailure.AccessDenied,
                $"PostgreSQL warned \"{warning}\", so nothing was changed. Make the account a member of the owner, or give it the privilege WITH GRANT OPTION");
        }
    }

    private NpgsqlBatch Batch(IEnumerable<Query> queries)
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var query in queries) batch.BatchCommands.Add(query.ToCommand());
        return batch;
    }
}
