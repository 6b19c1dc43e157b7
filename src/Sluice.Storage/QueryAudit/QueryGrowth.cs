using Sluice.Core.QueryAudit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.QueryAudit;

/// <summary>Adds to events that were taken what their platform shows of them later.</summary>
internal static class QueryGrowth
{
    public static Task<List<StoredQuery>> ReadAsync(
        SluiceContext context, Guid connectionId, string source, IEnumerable<string> eventIds, CancellationToken cancellationToken) =>
        QueryRows.ReadAsync(
            context, $"FROM query_events e WHERE e.connection_id = @id AND e.source = @source AND e.event_id {context.Dialect.In("@events")}", cancellationToken,
            ("@id", connectionId), ("@source", source), ("@events", context.Dialect.List(eventIds.Select(static i => StorableText.Of(i)))));

    public static async Task AddAsync(SluiceContext context, Guid connectionId, string source, IReadOnlyList<TakenQuery> grown, CancellationToken cancellationToken)
    {
        var shown = grown.ToLookup(static g => g.Event.EventId, StringComparer.Ordinal);
        var after = new List<StoredQuery>();
        foreach (var before in await ReadAsync(context, connectionId, source, shown.Select(static s => s.Key), cancellationToken))
        {
            var since = shown[before.Taken.Event.EventId].ToList();
            if (since.TrueForAll(s => ObjectPieces.New(s.Event.Objects, before.Taken.Event.Objects).Count == 0)) continue;
            var joined = since.Aggregate(before.Taken, With);
            after.Add(before with { Taken = joined });
            await context.ExecuteAsync(
                "UPDATE query_events SET policies_known_by = @by WHERE connection_id = @id AND sequence = @sequence", cancellationToken,
                ("@by", (int)joined.PoliciesKnownBy), ("@id", connectionId), ("@sequence", before.Sequence));
        }

        if (after.Count == 0) return;
        await context.ExecuteAsync(
            $"DELETE FROM query_event_objects WHERE connection_id = @id AND sequence {context.Dialect.In("@sequences")}", cancellationToken,
            ("@id", connectionId), ("@sequences", context.Dialect.List(after.Select(static a => a.Sequence))));
        await QueryRows.InsertObjectsAsync(context, after, cancellationToken);
    }

    // The policies of what was known stay those that were told with it, and all of it is known as well as the least of it.
    private static TakenQuery With(TakenQuery before, TakenQuery since)
    {
        var policies = before.Policies.ToDictionary();
        foreach (var (path, keys) in since.Policies) policies.TryAdd(path, before.PoliciesKnownBy == KnownBy.Nothing ? [] : keys);
        var by = before.PoliciesKnownBy == since.PoliciesKnownBy || before.PoliciesKnownBy == KnownBy.Nothing ? before.PoliciesKnownBy : KnownBy.Taking;
        return before with { Event = before.Event with { Objects = ObjectPieces.Joined(before.Event.Objects, since.Event.Objects) }, Policies = policies, PoliciesKnownBy = by };
    }
}
