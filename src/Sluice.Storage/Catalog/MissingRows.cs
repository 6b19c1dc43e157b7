using Sluice.Core.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Marks rows that a finished crawl did not find, or whose name another object has taken, with everything below them.</summary>
internal static class MissingRows
{
    /// <summary>The rows are missing from now on; those that were missing before keep their date.</summary>
    public static Task MarkAsync(
        SluiceContext context, Guid connectionId, IReadOnlyList<long> ids, DateTimeOffset at, CancellationToken cancellationToken) =>
        MarkAsync(context, connectionId, ids, at, "", "", "missing_since IS NULL", cancellationToken);

    /// <summary>The rows are missing, give their names away, and no path leads to them or below them any more.</summary>
    public static Task ReplaceAsync(
        SluiceContext context, Guid connectionId, IReadOnlyList<long> ids, DateTimeOffset at, CancellationToken cancellationToken) =>
        MarkAsync(context, connectionId, ids, at, ", replaced = true, hidden = true", ", hidden = true", "true", cancellationToken);

    /// <summary>A path leads to these rows again, and to what below them is not replaced itself.</summary>
    public static async Task ShowAsync(SluiceContext context, IEnumerable<ObjectPlace> places, CancellationToken cancellationToken)
    {
        foreach (var place in places)
        {
            await context.ExecuteAsync($"UPDATE data_objects AS o SET hidden = false WHERE {Lineage.AtAndBelow}", cancellationToken, Lineage.Range(place.Lineage));
            var replaced = await context.QueryAsync(
                $"SELECT o.lineage FROM data_objects o WHERE {Lineage.AtAndBelow} AND o.replaced", row => row.GetString(0), cancellationToken,
                Lineage.Range(place.Lineage));
            foreach (var lineage in replaced)
                await context.ExecuteAsync($"UPDATE data_objects AS o SET hidden = true WHERE {Lineage.AtAndBelow}", cancellationToken, Lineage.Range(lineage));
        }
    }

    private static async Task MarkAsync(
        SluiceContext context, Guid connectionId, IReadOnlyList<long> ids, DateTimeOffset at, string also, string alsoBelow, string which,
        CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return;

        // What is below a container that comes back is missing still: it must not pass for listed.
        const string missing = "missing_since = COALESCE(missing_since, @at), updated_at = @at, listing_fingerprint = NULL";
        var places = await ObjectPlace.OfAsync(context, connectionId, ids, cancellationToken);
        await context.ExecuteAsync(
            $"UPDATE data_objects SET {missing}{also} WHERE id {context.Dialect.In("@ids")} AND {which}", cancellationToken,
            ("@ids", context.Dialect.List(places.Select(p => p.Id))), ("@at", at));
        foreach (var container in places.Where(p => !p.Kind.IsReadable()))
            await context.ExecuteAsync(
                $"UPDATE data_objects AS o SET {missing}{alsoBelow} WHERE {Lineage.Below} AND {which}", cancellationToken,
                [.. Lineage.Range(container.Lineage), ("@at", at)]);
    }
}
