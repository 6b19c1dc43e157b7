using Sluice.Storage.Audit;
using Sluice.Storage.Databases;

namespace Sluice.Storage.QueryAudit;

/// <summary>Both trails in one order: which entries stand on a page is one query, what they hold is read after.</summary>
internal static class Timeline
{
    public static async Task<TimelinePage> ReadAsync(
        SluiceContext context, AuditQuery? own, QuerySearch? queries, int offset, int size, CancellationToken cancellationToken)
    {
        var parts = new List<string>();
        var parameters = new List<(string, object?)>();
        if (own is not null && AuditStore.IsStorable(own))
        {
            var (where, given) = AuditStore.Condition(own);
            parts.Add($"SELECT 0 AS is_query, stream, sequence, time FROM audit_events {where}");
            parameters.AddRange(given);
        }

        if (queries is not null)
        {
            var (where, given) = QueryConditions.Of(queries);
            parts.Add($"SELECT 1 AS is_query, {context.Dialect.GuidText("e.connection_id")} AS stream, e.sequence, e.started_at AS time FROM query_events e {where}");
            parameters.AddRange(given);
        }

        if (parts.Count == 0) return new TimelinePage(0, []);
        var both = $"({string.Join(" UNION ALL ", parts)}) both_trails";
        var count = await context.NumberAsync($"SELECT count(*) FROM {both}", cancellationToken, [.. parameters]);
        var page = await context.QueryAsync(
            $"SELECT is_query, stream, sequence FROM {both} ORDER BY time DESC, is_query, stream, sequence DESC LIMIT @size OFFSET @offset",
            static row => (IsQuery: row.GetInt32(0) == 1, Stream: row.GetString(1), Sequence: row.GetInt64(2)), cancellationToken,
            [.. parameters, ("@size", size), ("@offset", Math.Max(0, offset))]);

        var entries = new Dictionary<(bool, string, long), TimelineEntry>();
        foreach (var stream in page.GroupBy(static p => (p.IsQuery, p.Stream)))
        {
            var sequences = context.Dialect.List(stream.Select(static s => s.Sequence));
            if (stream.Key.IsQuery)
            {
                var found = await QueryRows.ReadAsync(
                    context, $"FROM query_events e WHERE e.connection_id = @id AND e.sequence {context.Dialect.In("@sequences")}", cancellationToken,
                    ("@id", Guid.Parse(stream.Key.Stream)), ("@sequences", sequences));
                foreach (var each in found) entries[(true, stream.Key.Stream, each.Sequence)] = new TimelineEntry(null, each);
                continue;
            }

            var rows = await context.QueryAsync(
                $"SELECT {AuditRows.Columns} FROM audit_events WHERE stream = @stream AND sequence {context.Dialect.In("@sequences")}", AuditRows.Read, cancellationToken,
                ("@stream", stream.Key.Stream), ("@sequences", sequences));
            foreach (var row in rows) entries[(false, stream.Key.Stream, row.Event.Sequence)] = new TimelineEntry(row, null);
        }

        return new TimelinePage(count ?? 0, [.. page.Select(p => entries[(p.IsQuery, p.Stream, p.Sequence)])]);
    }
}
