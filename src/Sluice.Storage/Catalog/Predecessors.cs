using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>
/// Finds the rows whose overrides new rows inherit: the one whose name a new row takes, and, below a container that was replaced, the row of the
/// same name below the old container. Without the second, dropping and making a schema anew would lift every "inactive" inside it.
/// </summary>
internal sealed class Predecessors
{
    private readonly SluiceContext _context;
    private readonly Guid _connectionId;

    // A container's predecessor, null for one that has none.
    private readonly Dictionary<long, long?> _known = [];

    private Predecessors(SluiceContext context, Guid connectionId)
    {
        _context = context;
        _connectionId = connectionId;
    }

    /// <summary>The predecessors of a page's new rows, by the new row's id.</summary>
    public static async Task<IReadOnlyDictionary<long, long>> OfAsync(
        SluiceContext context, Guid connectionId, IReadOnlyList<ObjectInsert> inserts, CancellationToken cancellationToken)
    {
        var search = new Predecessors(context, connectionId);
        var result = new Dictionary<long, long>();
        foreach (var level in inserts.GroupBy(i => i.Found.Path.Depth).OrderBy(g => g.Key))
        {
            foreach (var siblings in level.GroupBy(i => i.ParentId))
            {
                var namesakes = await search.OfContainerAsync(siblings.Key, cancellationToken) is { } old
                    ? await search.ChildrenAsync(old, siblings.Select(s => NameKey.Of(s.Found.Path.Name)), cancellationToken)
                    : [];
                foreach (var insert in siblings)
                {
                    long? predecessor = insert.Replaces ?? (namesakes.TryGetValue(NameKey.Of(insert.Found.Path.Name), out var namesake) ? namesake : null);
                    search._known[insert.Id] = predecessor;
                    if (predecessor is { } found) result.Add(insert.Id, found);
                }
            }
        }

        return result;
    }

    private async Task<long?> OfContainerAsync(long id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var known)) return known;
        var rows = await _context.QueryAsync(
            "SELECT parent_id, name_key FROM data_objects WHERE id = @id AND connection_id = @connection",
            row => (ParentId: row.IsDBNull(0) ? (long?)null : row.GetInt64(0), NameKey: row.GetString(1)), cancellationToken,
            ("@id", id), ("@connection", _connectionId));
        long? predecessor = null;
        if (rows is [{ ParentId: { } parent } own])
        {
            predecessor = await ReplacedAsync(parent, own.NameKey, id, cancellationToken);
            if (predecessor is null && await OfContainerAsync(parent, cancellationToken) is { } above)
                predecessor = (await ChildrenAsync(above, [own.NameKey], cancellationToken)).GetValueOrDefault(own.NameKey) is > 0 and var below ? below : null;
        }

        _known[id] = predecessor;
        return predecessor;
    }

    // The last of those whose name the container has taken.
    private async Task<long?> ReplacedAsync(long parentId, string nameKey, long id, CancellationToken cancellationToken)
    {
        var rows = await _context.QueryAsync(
            "SELECT id FROM data_objects WHERE parent_id = @parent AND replaced AND name_key = @name AND id < @id ORDER BY id DESC LIMIT 1",
            row => row.GetInt64(0), cancellationToken, ("@parent", parentId), ("@name", nameKey), ("@id", id));
        return rows is [var found] ? found : null;
    }

    // By name; the row that had the name last where several have had it.
    private async Task<Dictionary<string, long>> ChildrenAsync(long containerId, IEnumerable<string> nameKeys, CancellationToken cancellationToken)
    {
        var rows = await _context.QueryAsync(
            $"SELECT id, name_key, replaced FROM data_objects WHERE parent_id = @parent AND name_key {_context.Dialect.In("@names")}",
            row => (Id: row.GetInt64(0), NameKey: row.GetString(1), IsReplaced: row.GetBoolean(2)), cancellationToken,
            ("@parent", containerId), ("@names", _context.Dialect.List(nameKeys)));
        return rows.OrderByDescending(r => r.IsReplaced).ThenBy(r => r.Id)
            .Aggregate(new Dictionary<string, long>(StringComparer.Ordinal), (byName, row) =>
            {
                byName[row.NameKey] = row.Id;
                return byName;
            });
    }
}
