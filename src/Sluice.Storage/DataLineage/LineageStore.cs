using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;
using Sluice.Storage.QueryAudit;

namespace Sluice.Storage.DataLineage;

internal sealed class LineageStore(Database database, AuditAppender audit, TimeProvider time) : ILineageStore
{
    public Task RecordAsync(WriteFence fence, string source, IReadOnlyList<LineageSighting> seen, FeedCursor cursor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);
                foreach (var edge in (await new FormerNames(context, fence.ConnectionId).ResolveAsync(seen, token)).GroupBy(static s => s.Edge))
                {
                    var (from, to) = (LineageTags.Text(edge.Key.From), LineageTags.Text(edge.Key.To));
                    await context.ExecuteAsync(
                        """
                        INSERT INTO lineage_edges (connection_id, edge, source_path, source_column, target_path, target_column, first_seen_at, last_seen_at)
                        VALUES (@connection, @edge, @source, @sourceColumn, @target, @targetColumn, @first, @last)
                        ON CONFLICT (connection_id, edge) DO UPDATE SET
                            first_seen_at = CASE WHEN lineage_edges.first_seen_at < @first THEN lineage_edges.first_seen_at ELSE @first END,
                            last_seen_at = CASE WHEN lineage_edges.last_seen_at > @last THEN lineage_edges.last_seen_at ELSE @last END,
                            removed_at = CASE WHEN lineage_edges.last_seen_at < @last THEN NULL ELSE lineage_edges.removed_at END
                        """,
                        token, ("@connection", fence.ConnectionId), ("@edge", LineageTags.IdOf(from, to)), ("@source", from.Path),
                        ("@sourceColumn", from.Column), ("@target", to.Path), ("@targetColumn", to.Column), ("@first", edge.Min(static e => e.SeenAt)), ("@last", edge.Max(static e => e.SeenAt)));
                }

                await QueryAuditStore.MoveAsync(context, fence.ConnectionId, source, cursor, token);
            },
            cancellationToken);

    public async Task<(bool Changed, IReadOnlyList<SuspendedTag> Suspended)> CarryAsync(Guid connectionId, bool isOn, CancellationToken cancellationToken)
    {
        // Most connections have none, and writers take turns. A connection's edges are never deleted but with it: those that were taken away are remembered.
        var any = await database.ReadAsync(
            (context, token) => context.NumberAsync("SELECT 1 FROM lineage_edges WHERE connection_id = @connection LIMIT 1", token, ("@connection", connectionId)), cancellationToken);
        return any is null ? (false, []) : await CarryEdgesAsync(connectionId, isOn, cancellationToken);
    }

    private Task<(bool Changed, IReadOnlyList<SuspendedTag> Suspended)> CarryEdgesAsync(Guid connectionId, bool isOn, CancellationToken cancellationToken) =>
        database.WriteAsync<(bool, IReadOnlyList<SuspendedTag>)>(
            async (context, token) => await context.LockAsync(connectionId, token) ? await CarryAsync(context, connectionId, isOn, token) : (false, []),
            cancellationToken);

    private static async Task<(bool Changed, IReadOnlyList<SuspendedTag> Suspended)> CarryAsync(SluiceContext context, Guid connectionId, bool isOn, CancellationToken cancellationToken)
    {
        var edges = isOn ? await ReadAsync(context, "connection_id = @connection", cancellationToken, ("@connection", connectionId)) : [];
        var wanted = new HashSet<CarriedRow>();
        IReadOnlyList<SuspendedTag> suspended = [];
        if (edges.Count > 0)
        {
            var objects = await LineageTags.ObjectsAsync(context, connectionId, cancellationToken);
            var carried = TagCarrying.Carry(edges.Select(static e => e.Edge), await GivenAsync(context, edges, objects, cancellationToken));
            suspended = carried.Suspended;
            foreach (var (at, tag, origin) in carried.Tags)
            {
                if (!objects.TryGetValue(at.Object, out var target)) continue;
                var (path, column) = LineageTags.Text(origin);
                wanted.Add(new CarriedRow(target.Id, at.Column ?? "", tag, path, column));
            }
        }

        var changed = await LineageTags.ReplaceAsync(context, connectionId, wanted, cancellationToken);
        if (changed) await AccessRevision.BumpAsync(context, cancellationToken);
        return (changed, suspended);
    }

    public Task<int> RemoveAsync(StoredObject to, EdgeSelection which, bool isOn, Actor by, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                if (!await context.LockAsync(to.ConnectionId, token)) return 0;
                var count = await context.ExecuteAsync(
                    """
                    UPDATE lineage_edges SET removed_at = @now
                    WHERE connection_id = @connection AND target_path = @target AND source_path = @source AND removed_at IS NULL
                        AND (@anySource OR source_column = @sourceColumn) AND (@anyTarget OR target_column = @targetColumn)
                    """,
                    token, ("@now", now), ("@connection", to.ConnectionId), ("@target", AuditRows.PathText(to.Path)), ("@source", AuditRows.PathText(which.From)),
                    ("@anySource", which.FromColumn is null), ("@sourceColumn", StorableText.Of(which.FromColumn) ?? ""),
                    ("@anyTarget", which.Column is null), ("@targetColumn", StorableText.Of(which.Column) ?? ""));
                if (count == 0) return 0;
                await CarryAsync(context, to.ConnectionId, isOn, token);
                await audit.AppendAsync(
                    context,
                    new AuditEvent
                    {
                        Stream = AuditStream.Of(to.ConnectionId), Time = now, ActorId = by.Id, ActorName = by.Name, Action = AuditAction.LineageRemoved, Object = to.Path,
                        Details = AuditDetails.Of(DetailsOf(which, count)),
                    },
                    token);
                return count;
            },
            cancellationToken);
    }

    public Task<IReadOnlySet<long>> TaggedFromAsync(StoredObject origin, CancellationToken cancellationToken)
    {
        var text = AuditRows.PathText(origin.Path);
        var below = $"{text[..^1]},";
        return database.ReadAsync<IReadOnlySet<long>>(
            async (context, token) => (await context.QueryAsync(
                """
                SELECT DISTINCT t.object_id FROM lineage_tags t JOIN data_objects o ON o.id = t.object_id
                WHERE o.connection_id = @connection AND (t.origin_path = @path OR substr(t.origin_path, 1, @length) = @below)
                """,
                static row => row.GetInt64(0), token, ("@connection", origin.ConnectionId), ("@path", text), ("@below", below), ("@length", below.Length))).ToHashSet(),
            cancellationToken);
    }

    public Task<IReadOnlyList<LineageTag>> TagsAsync(StoredObject of, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<LineageTag>>(
            async (context, token) =>
            [
                .. (await LineageTags.OfAsync(context, [of.Id], token))
                    .OrderBy(static r => r.Column, StringComparer.Ordinal).ThenBy(static r => r.Tag, StringComparer.Ordinal).ThenBy(static r => r.OriginPath, StringComparer.Ordinal)
                    .Select(static r => new LineageTag(r.Column.Length == 0 ? null : r.Column, r.Tag, LineageTags.Point(r.OriginPath, r.OriginColumn))),
            ],
            cancellationToken);

    public Task<IReadOnlyList<StoredEdge>> EdgesAsync(ObjectPath at, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredEdge>>(
            async (context, token) => await ReadAsync(context, "(source_path = @path OR target_path = @path)", token, ("@path", AuditRows.PathText(at))), cancellationToken);

    private static JsonObject DetailsOf(EdgeSelection which, int count)
    {
        var details = new JsonObject { ["count"] = count, ["from"] = JsonNode.Parse(AuditRows.PathText(which.From)) };
        if (which.FromColumn is not null) details["fromColumn"] = which.FromColumn;
        if (which.Column is not null) details["column"] = which.Column;
        return details;
    }

    // The tags of what edges begin at; what lies above a table hands its tags down to it.
    private static async Task<IReadOnlyList<(LineagePoint, string)>> GivenAsync(
        SluiceContext context, List<StoredEdge> edges, Dictionary<ObjectPath, (long Id, IReadOnlyList<long> Above)> objects, CancellationToken cancellationToken)
    {
        var sources = edges.Select(static e => e.Edge.From.Object).Distinct().Where(objects.ContainsKey).ToList();
        var ids = sources.SelectMany(s => objects[s].Above.Append(objects[s].Id)).ToHashSet();
        var tags = await LineageTags.GivenAsync(context, ids, cancellationToken);
        var given = new List<(LineagePoint, string)>();
        foreach (var source in sources)
        {
            var (id, above) = objects[source];
            given.AddRange(tags[id].Select(t => (new LineagePoint(source, t.Column), t.Tag)));
            given.AddRange(above.SelectMany(a => tags[a]).Where(static t => t.Column is null).Select(t => (new LineagePoint(source), t.Tag)));
        }

        return given;
    }

    private static Task<List<StoredEdge>> ReadAsync(SluiceContext context, string where, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        context.QueryAsync(
            $"""
            SELECT source_path, source_column, target_path, target_column, first_seen_at, last_seen_at FROM lineage_edges WHERE {where} AND removed_at IS NULL
            ORDER BY source_path, source_column, target_path, target_column
            """,
            static row => new StoredEdge(
                new LineageEdge(LineageTags.Point(row.GetString(0), row.GetString(1)), LineageTags.Point(row.GetString(2), row.GetString(3))),
                UtcTicks.Moment(row.GetInt64(4)), UtcTicks.Moment(row.GetInt64(5))),
            cancellationToken, parameters);
}
