using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>
/// The digests of the listings that containers' children are stored as. A crawl that meets the same listing again looks at none of the children, so a digest
/// must go with the first write of any of them that the listing did not bring, and all of that happens under the connection's row lock.
/// </summary>
internal static class StoredListings
{
    /// <summary>Those of the containers of everything that a page is about to write.</summary>
    public static async Task ForgetAsync(SluiceContext context, Guid connectionId, CrawlWrite write, CancellationToken cancellationToken)
    {
        List<long> written = [.. write.Updates.Select(u => u.Id), .. write.Missing];
        var parents = write.Inserts.Select(i => i.ParentId).ToHashSet();
        if (written.Count > 0)
        {
            parents.UnionWith(await context.QueryAsync(
                $"SELECT DISTINCT parent_id FROM data_objects WHERE id {context.Dialect.In("@ids")} AND connection_id = @connection AND parent_id IS NOT NULL",
                row => row.GetInt64(0), cancellationToken, ("@ids", context.Dialect.List(written)), ("@connection", connectionId)));
        }

        if (parents.Count == 0) return;
        await context.ExecuteAsync(
            $"UPDATE data_objects SET listing_fingerprint = NULL WHERE id {context.Dialect.In("@ids")} AND listing_fingerprint IS NOT NULL", cancellationToken,
            ("@ids", context.Dialect.List(parents)));
    }

    /// <summary>That of the container that an object lies in, which is about to be deleted.</summary>
    public static Task ForgetOfParentAsync(SluiceContext context, long id, CancellationToken cancellationToken) =>
        context.ExecuteAsync(
            "UPDATE data_objects SET listing_fingerprint = NULL WHERE id = (SELECT parent_id FROM data_objects WHERE id = @id)", cancellationToken, ("@id", id));

    /// <summary>
    /// Keeps them, each where as many children are there as were listed: somebody may have deleted one while the crawl was reading, and what can't be stored
    /// is passed over.
    /// </summary>
    public static async Task WriteAsync(
        SluiceContext context, Guid connectionId, IReadOnlyList<ContainerListing> listings, CancellationToken cancellationToken)
    {
        foreach (var listing in listings)
            await context.ExecuteAsync(
                """
                UPDATE data_objects SET listing_fingerprint = @fingerprint
                WHERE id = @id AND connection_id = @connection AND missing_since IS NULL
                  AND (SELECT count(*) FROM data_objects c WHERE c.parent_id = @id AND NOT c.replaced AND c.missing_since IS NULL) = @count
                """,
                cancellationToken, ("@id", listing.ContainerId), ("@connection", connectionId), ("@fingerprint", Digest.Bytes(listing.Fingerprint)),
                ("@count", (long)listing.Count));
    }
}
