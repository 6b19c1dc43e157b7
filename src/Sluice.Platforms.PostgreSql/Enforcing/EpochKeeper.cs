using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>The count of applies, in the comment of a role of its own that holds nothing and has nobody in it: it belongs to the server, as a connection does.</summary>
internal sealed class EpochKeeper(Func<CancellationToken, Task<DatabaseConnection>> maintenance, InstanceMark mark)
{
    private const string CommentOf = """
        SELECT pg_catalog.left(pg_catalog.shobj_description(r.oid, 'pg_authid'), 1000) FROM pg_catalog.pg_roles r WHERE r.rolname = $1::text::pg_catalog.name
        """;

    /// <summary>Reads it; null where there is none of ours.</summary>
    public async Task<long?> ReadAsync(string prefix, CancellationToken cancellationToken)
    {
        var server = await maintenance(cancellationToken);
        var comments = await server.ReadAsync(
            [new Query(CommentOf, new NativeNames(prefix).Epoch)], static answer => answer.RowsAsync(static r => r.OptionalTextAsync()), cancellationToken);
        return comments is [var comment] && mark.OwnerOf(comment) == MarkOwner.ThisInstance ? InstanceMark.EpochOf(comment) : null;
    }

    /// <summary>Writes it.</summary>
    public async Task WriteAsync(string prefix, long epoch, CancellationToken cancellationToken)
    {
        var role = new NativeNames(prefix).Epoch;
        var server = await maintenance(cancellationToken);
        await server.WriteAsync(
            async transaction =>
            {
                var comments = await transaction.ReadAsync(new Query(CommentOf, role), static r => r.OptionalTextAsync());
                if (comments is [var comment] && mark.OwnerOf(comment) != MarkOwner.ThisInstance)
                    throw new PlatformException(PlatformFailure.Refused, $"Role {role} was not made by this instance of Sluice, so it is not changed. Choose another prefix for this connection, or remove the role");
                if (comments.Count == 0) await transaction.ExecuteAsync($"CREATE ROLE {Statements.Role(role)} {Statements.PlainRole}");
                await transaction.ExecuteAsync($"COMMENT ON ROLE {Statements.Role(role)} IS {Sql.Quote.Literal(mark.CommentAt(epoch))}");
            },
            cancellationToken);
    }

    /// <summary>Takes it away, if it is ours.</summary>
    public async Task RemoveAsync(string prefix, CancellationToken cancellationToken)
    {
        if (await ReadAsync(prefix, cancellationToken) is null) return;
        var server = await maintenance(cancellationToken);
        await server.WriteAsync(transaction => transaction.ExecuteAsync($"DROP ROLE IF EXISTS {Statements.Role(new NativeNames(prefix).Epoch)}"), cancellationToken);
    }
}
