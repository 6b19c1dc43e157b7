using Sluice.Storage.Databases;

namespace Sluice.Storage.Connections;

/// <summary>Counts the updates of a connection by people.</summary>
internal static class ConnectionRevision
{
    /// <summary>Ends a transaction that was asked for from another state. The connection's row is locked.</summary>
    /// <param name="context">The transaction.</param>
    /// <param name="connectionId">The connection.</param>
    /// <param name="ifRevision">The revisions that will do; null: any.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StaleRevisionException">It has another.</exception>
    public static async Task CheckAsync(
        SluiceContext context, Guid connectionId, IReadOnlyList<long>? ifRevision, CancellationToken cancellationToken)
    {
        if (ifRevision is null) return;
        var current = await context.NumberAsync("SELECT revision FROM connections WHERE id = @id", cancellationToken, ("@id", connectionId));
        if (current is not { } revision || !ifRevision.Contains(revision)) throw new StaleRevisionException($"Connection {connectionId}");
    }

    public static Task BumpAsync(SluiceContext context, Guid connectionId, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        context.ExecuteAsync(
            """
            UPDATE connections SET revision = revision + 1, updated_at = @at, updated_by_id = @by, updated_by_name = @name, updated_by_email = @email
            WHERE id = @id
            """,
            cancellationToken, ("@id", connectionId), ("@at", at), ("@by", by.Id), ("@name", by.Name), ("@email", by.Email));
}
