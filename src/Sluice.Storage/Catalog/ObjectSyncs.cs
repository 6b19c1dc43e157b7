using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Remembers when crawls ended, once per scope rather than once per object they covered.</summary>
internal static class ObjectSyncs
{
    /// <summary>Those of the objects that are still there were crawled, each with everything below it.</summary>
    public static async Task RecordAsync(
        SluiceContext context, Guid connectionId, IReadOnlyList<long> scopes, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (scopes.Count == 0) return;
        await context.ExecuteAsync(
            $"""
            INSERT INTO object_syncs (object_id, finished_at)
            SELECT o.id, @at FROM data_objects o WHERE o.id {context.Dialect.In("@ids")} AND o.connection_id = @connection
            ON CONFLICT (object_id) DO UPDATE SET finished_at = excluded.finished_at
            """,
            cancellationToken, ("@ids", context.Dialect.List(scopes)), ("@connection", connectionId), ("@at", at));
    }
}
