using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>The rows above a page's new rows, read at once, with those of the page itself added as they come.</summary>
internal sealed class ActivationChains
{
    private readonly Dictionary<long, (string Lineage, bool? ActivateNewChildren)> _rows = [];
    private readonly Dictionary<long, bool?[]> _upwards = [];

    public static async Task<ActivationChains> ReadAsync(
        SluiceContext context, Guid connectionId, IReadOnlyList<ObjectInsert> inserts, CancellationToken cancellationToken)
    {
        var own = inserts.Select(i => i.Id).ToHashSet();
        var above = inserts.Select(i => i.Lineage[..^$"{i.Id}/".Length]).Distinct(StringComparer.Ordinal).SelectMany(Lineage.Ids).Distinct().Where(id => !own.Contains(id));
        var rows = await context.QueryAsync(
            $"""
            SELECT o.id, o.lineage, o.activate_new_children, EXISTS (
                SELECT 1 FROM data_objects r WHERE r.parent_id = o.parent_id AND r.replaced AND r.name_key = o.name_key AND r.id < o.id)
            FROM data_objects o WHERE o.id {context.Dialect.In("@ids")} AND o.connection_id = @connection
            """,
            row => (Id: row.GetInt64(0), Lineage: row.GetString(1), ActivateNewChildren: row.Flag(2), ReplacesOther: row.GetBoolean(3)), cancellationToken,
            ("@ids", context.Dialect.List(above)), ("@connection", connectionId));
        var chains = new ActivationChains { HasReplacements = rows.Exists(row => row.ReplacesOther) };
        foreach (var row in rows) chains._rows.Add(row.Id, (row.Lineage, row.ActivateNewChildren));
        return chains;
    }

    /// <summary>Whether any of the rows above has taken the name of another.</summary>
    public bool HasReplacements { get; private init; }

    /// <summary>A row's lineage; null when there is no such row.</summary>
    public string? LineageOf(long id) => _rows.TryGetValue(id, out var row) ? row.Lineage : null;

    /// <summary>The row's own setting first, then its parent's, and so on to the connection's.</summary>
    public bool?[] ActivateNewChildrenUpwards(long id)
    {
        if (_upwards.TryGetValue(id, out var known)) return known;
        bool?[] upwards = [.. Lineage.Ids(_rows[id].Lineage).Reverse().Select(above => _rows[above].ActivateNewChildren)];
        _upwards.Add(id, upwards);
        return upwards;
    }

    public void Add(ObjectInsert insert, bool? activateNewChildren) => _rows.Add(insert.Id, (insert.Lineage, activateNewChildren));
}
