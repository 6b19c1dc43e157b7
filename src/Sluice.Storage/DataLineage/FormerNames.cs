using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;
using Sluice.Core.Planning;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.DataLineage;

/// <summary>
/// The names that objects of a connection had. Platforms tell of lineage by names, and late: where an object is found under another name, what is known of the old one is known of the new one
/// too, and so is what is told of the old one afterwards. Grants that were made go along.
/// </summary>
internal sealed class FormerNames(SluiceContext context, Guid connectionId)
{
    // Longer than any source of lineage is late.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>Where objects are now.</summary>
    public async Task<IReadOnlyDictionary<long, ObjectPath>> PathsAsync(IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(
            $"SELECT o.id, o.name, p1.name, p2.name, p3.name FROM data_objects o {ObjectSql.Above} WHERE o.id {context.Dialect.In("@ids")}",
            static row => (Id: row.GetInt64(0), Path: ObjectSql.Path(row.GetString(1), row.Text(2), row.Text(3), row.Text(4))),
            cancellationToken, ("@ids", context.Dialect.List(ids)));
        return rows.ToDictionary(static r => r.Id, static r => r.Path);
    }

    /// <summary>Takes up that objects have other names than they had.</summary>
    /// <param name="before">Where they were.</param>
    /// <param name="at">When they were found elsewhere.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task TakeAsync(IReadOnlyDictionary<long, ObjectPath> before, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var after = await PathsAsync(before.Keys, cancellationToken);
        var renamed = before.Where(b => !b.Value.Equals(after[b.Key])).Select(b => (Id: b.Key, Before: b.Value, After: after[b.Key])).ToList();
        if (renamed.Count == 0) return;
        await context.ExecuteAsync("DELETE FROM former_names WHERE connection_id = @connection AND until < @oldest", cancellationToken, ("@connection", connectionId), ("@oldest", at - Kept));
        foreach (var (id, was, now) in renamed)
        {
            await context.ExecuteAsync(
                """
                INSERT INTO former_names (connection_id, path, object_id, until) VALUES (@connection, @path, @id, @at)
                ON CONFLICT (connection_id, path, object_id) DO UPDATE SET until = @at
                """,
                cancellationToken, ("@connection", connectionId), ("@path", AuditRows.PathText(was)), ("@id", id), ("@at", at));
            await CopyAsync(was, now, cancellationToken);
            await MoveGrantsAsync(was, now, cancellationToken);
        }
    }

    /// <summary>What edges are of, under the names that objects have now as well as under those they were told by.</summary>
    public async Task<IReadOnlyList<LineageSighting>> ResolveAsync(IReadOnlyList<LineageSighting> seen, CancellationToken cancellationToken)
    {
        var former = await context.QueryAsync(
            "SELECT path, object_id, until FROM former_names WHERE connection_id = @connection",
            static row => (Path: ObjectPath.FromJson(row.GetString(0), out _), Id: row.GetInt64(1), Until: UtcTicks.Moment(row.GetInt64(2))), cancellationToken, ("@connection", connectionId));
        if (former.Count == 0) return seen;
        var now = await PathsAsync(former.Select(static f => f.Id).Distinct(), cancellationToken);
        return
        [
            .. from sighting in seen
               from source in Points(sighting.Edge.From, sighting.SeenAt)
               from target in Points(sighting.Edge.To, sighting.SeenAt)
               where source != target
               select sighting with { Edge = new LineageEdge(source, target) },
        ];

        IEnumerable<LineagePoint> Points(LineagePoint told, DateTimeOffset at)
        {
            var points = new List<LineagePoint> { told };
            for (var next = 0; next < points.Count; next++)
            {
                foreach (var (path, id, until) in former)
                {
                    if (until < at || path?.Covers(points[next].Object) is not true) continue;
                    var moved = points[next] with { Object = Moved(points[next].Object, path, now[id]) };
                    if (!points.Contains(moved)) points.Add(moved);
                }
            }

            return points;
        }
    }

    // What lies below it is known by how its path begins.
    private async Task CopyAsync(ObjectPath was, ObjectPath now, CancellationToken cancellationToken)
    {
        var text = AuditRows.PathText(was);
        var below = $"{text[..^1]},";
        var edges = await context.QueryAsync(
            """
            SELECT source_path, source_column, target_path, target_column, first_seen_at, last_seen_at, removed_at FROM lineage_edges
            WHERE connection_id = @connection
                AND (source_path = @path OR target_path = @path OR substr(source_path, 1, @length) = @below OR substr(target_path, 1, @length) = @below)
            """,
            static row => (
                From: LineageTags.Point(row.GetString(0), row.GetString(1)), To: LineageTags.Point(row.GetString(2), row.GetString(3)),
                First: row.GetInt64(4), Last: row.GetInt64(5), Removed: row.IsDBNull(6) ? (long?)null : row.GetInt64(6)),
            cancellationToken, ("@connection", connectionId), ("@path", text), ("@below", below), ("@length", below.Length));
        foreach (var edge in edges)
        {
            var (from, to) = (LineageTags.Text(Moved(edge.From)), LineageTags.Text(Moved(edge.To)));
            if (from == to) continue;
            await context.ExecuteAsync(
                """
                INSERT INTO lineage_edges (connection_id, edge, source_path, source_column, target_path, target_column, first_seen_at, last_seen_at, removed_at)
                VALUES (@connection, @edge, @source, @sourceColumn, @target, @targetColumn, @first, @last, @removed)
                ON CONFLICT (connection_id, edge) DO UPDATE SET removed_at = CASE WHEN lineage_edges.removed_at IS NULL OR excluded.removed_at IS NULL THEN NULL ELSE lineage_edges.removed_at END
                """,
                cancellationToken, ("@connection", connectionId), ("@edge", LineageTags.IdOf(from, to)), ("@source", from.Path), ("@sourceColumn", from.Column),
                ("@target", to.Path), ("@targetColumn", to.Column), ("@first", edge.First), ("@last", edge.Last), ("@removed", edge.Removed));
        }

        LineagePoint Moved(LineagePoint point) => was.Covers(point.Object) ? point with { Object = FormerNames.Moved(point.Object, was, now) } : point;
    }

    // Grants go with what is renamed, and those that were made are known by their objects.
    private async Task MoveGrantsAsync(ObjectPath was, ObjectPath now, CancellationToken cancellationToken)
    {
        var text = AuditRows.PathText(was);
        var below = $"{text[..^1]},";
        var grants = await context.QueryAsync(
            "SELECT fact, object_path, subject, detail FROM own_grants WHERE connection_id = @connection AND (object_path = @path OR substr(object_path, 1, @length) = @below)",
            static row => (Fact: row.GetGuid(0), Path: ObjectPath.FromJson(row.GetString(1), out _)!, Subject: row.GetString(2), Detail: row.GetString(3)),
            cancellationToken, ("@connection", connectionId), ("@path", text), ("@below", below), ("@length", below.Length));
        foreach (var grant in grants)
        {
            var key = new FactKey(FactKind.Grant, Moved(grant.Path, was, now), grant.Subject, grant.Detail);
            await context.ExecuteAsync(
                "DELETE FROM own_grants WHERE connection_id = @connection AND fact = @moved", cancellationToken, ("@connection", connectionId), ("@moved", FactId.Of(key)));
            await context.ExecuteAsync(
                "UPDATE own_grants SET fact = @moved, object_path = @path WHERE connection_id = @connection AND fact = @fact",
                cancellationToken, ("@connection", connectionId), ("@fact", grant.Fact), ("@moved", FactId.Of(key)), ("@path", AuditRows.PathText(key.Object!)));
        }
    }

    private static ObjectPath Moved(ObjectPath path, ObjectPath was, ObjectPath now) => new([.. now.Names, .. path.Names.Skip(was.Names.Length)]);
}
