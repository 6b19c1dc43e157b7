using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Storage.DataLineage;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Reads the active objects of a connection as policies see them: all with a few statements, whatever their number.</summary>
internal static class GovernedObjects
{
    private const int ReadAtOnce = 5_000;

    public static async Task<IReadOnlyList<StoredGovernedObject>> ReadAsync(
        SluiceContext context, Guid connectionId, string? hostname, string? below, SupposedActivity? supposed, CancellationToken cancellationToken)
    {
        var nodes = await NodesAsync(context, connectionId, below, supposed, cancellationToken);
        var active = nodes.Values.Where(static n => n.IsActive && n.IsAsked && n.Kind.IsReadable()).OrderBy(static n => n.Id).ToList();
        var above = active.SelectMany(static n => n.Above()).Distinct().ToList();
        var columns = new Dictionary<long, List<(string Name, string Type, bool IsNew)>>();
        var tags = new Dictionary<long, List<CarriedTag>>();
        var trustsPlatform = await VanishedTags.IsTrustedAsync(context, connectionId, cancellationToken);
        foreach (var chunk in active.Concat(above).Select(static n => n.Id).Chunk(ReadAtOnce))
        {
            await ReadColumnsAsync(context, chunk, columns, cancellationToken);
            await ReadTagsAsync(context, chunk, tags, cancellationToken);
            // What only data brought along restricts, and opens nothing: whoever may copy a table can't give its copy to anybody.
            foreach (var carried in await LineageTags.OfAsync(context, chunk, cancellationToken))
                ListOf(tags, carried.ObjectId).Add(new CarriedTag(carried.Column.Length == 0 ? null : carried.Column, carried.Tag, HasVanished: true));
            if (trustsPlatform) continue;
            foreach (var (id, column, tag) in await VanishedTags.OfAsync(context, chunk, cancellationToken))
                ListOf(tags, id).Add(new CarriedTag(column.Length == 0 ? null : column, tag, HasVanished: true));
        }

        return [.. active.Select(n => Governed(n, hostname, columns.GetValueOrDefault(n.Id) ?? [], tags))];
    }

    private static async Task<Dictionary<long, Node>> NodesAsync(
        SluiceContext context, Guid connectionId, string? below, SupposedActivity? supposed, CancellationToken cancellationToken)
    {
        // What lies above an object decides whether it is active, and hands tags down.
        var (from, to) = below is null ? ("", "") : (below, Lineage.End(below));
        var above = below is null ? [] : Lineage.Ids(below);
        var rows = await context.QueryAsync(
            $"""
            SELECT o.id, o.parent_id, o.name, o.kind, o.native_id, o.grant_method, o.governance, o.is_active, o.discovered_new, o.missing_since IS NOT NULL, c.accept_unknown_governance,
                @all OR (o.lineage >= @from AND o.lineage < @to)
            FROM connections c JOIN data_objects root ON root.id = c.root_object_id
            JOIN data_objects o ON o.lineage >= root.lineage AND o.lineage < substr(root.lineage, 1, length(root.lineage) - 1) || '0'
            WHERE c.id = @connection AND NOT o.hidden AND (@all OR (o.lineage >= @from AND o.lineage < @to) OR o.id {context.Dialect.In("@above")})
            ORDER BY o.lineage
            """,
            static row => (
                Id: row.GetInt64(0), Parent: row.IsDBNull(1) ? (long?)null : row.GetInt64(1), Name: row.GetString(2), Kind: (ObjectKind)row.GetInt32(3), NativeId: row.Text(4),
                GrantMethod: row.Text(5), Governance: (Governance)row.GetInt32(6), Override: row.Flag(7), IsNew: row.GetBoolean(8), IsMissing: row.GetBoolean(9), AcceptsUnknown: row.GetBoolean(10),
                IsAsked: row.GetBoolean(11)),
            cancellationToken, ("@connection", connectionId), ("@all", below is null), ("@from", from), ("@to", to), ("@above", context.Dialect.List(above)));

        // A parent's lineage is the beginning of its children's, so it comes before them.
        var nodes = new Dictionary<long, Node>(rows.Count);
        foreach (var row in rows)
        {
            var parent = row.Parent is { } id ? nodes[id] : null;
            var wanted = (supposed is { } of && of.ObjectId == row.Id ? of.IsActive : row.Override) ?? parent?.IsWanted ?? false;
            var isEverything = supposed is { ObjectId: null };
            nodes.Add(row.Id, new Node(
                row.Id, parent, row.Name, row.Kind, row.NativeId, row.GrantMethod, row.IsNew, wanted, row.IsAsked,
                isEverything ? !row.IsMissing : Activation.IsActive(wanted, row.IsMissing, row.Governance, row.AcceptsUnknown)));
        }

        return nodes;
    }

    private static async Task ReadColumnsAsync(
        SluiceContext context, long[] ids, Dictionary<long, List<(string Name, string Type, bool IsNew)>> columns, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(
            $"SELECT object_id, name, type, discovered_new FROM data_columns WHERE object_id {context.Dialect.In("@ids")} ORDER BY object_id, position",
            static row => (Id: row.GetInt64(0), Name: row.GetString(1), Type: row.GetString(2), IsNew: row.GetBoolean(3)),
            cancellationToken, ("@ids", context.Dialect.List(ids)));
        foreach (var row in rows) ListOf(columns, row.Id).Add((row.Name, row.Type, row.IsNew));
    }

    private static async Task ReadTagsAsync(SluiceContext context, long[] ids, Dictionary<long, List<CarriedTag>> tags, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(
            $"""
            SELECT object_id, column_name, name FROM object_tags WHERE object_id {context.Dialect.In("@ids")}
            UNION ALL SELECT object_id, column_name, tag FROM assigned_tags WHERE object_id {context.Dialect.In("@ids")}
            """,
            static row => (Id: row.GetInt64(0), Column: row.Text(1), Tag: row.GetString(2)), cancellationToken, ("@ids", context.Dialect.List(ids)));
        foreach (var row in rows) ListOf(tags, row.Id).Add(new CarriedTag(string.IsNullOrEmpty(row.Column) ? null : row.Column, row.Tag, HasVanished: false));
    }

    private static StoredGovernedObject Governed(
        Node node, string? hostname, List<(string Name, string Type, bool IsNew)> columns, Dictionary<long, List<CarriedTag>> tags)
    {
        var own = tags.GetValueOrDefault(node.Id) ?? [];
        var ofColumns = own.Where(static t => t.Column is not null).ToLookup(static t => t.Column!, StringComparer.Ordinal);
        List<CarriedTag> ofObject =
        [
            .. own.Where(static t => t.Column is null),
            .. node.Above().SelectMany(n => tags.GetValueOrDefault(n.Id) ?? []).Where(static t => t.Column is null),
        ];
        return new StoredGovernedObject(
            node.Id,
            new GovernedObject
            {
                Path = node.Path,
                Kind = node.Kind,
                Hostname = hostname,
                Tags = Names(ofObject, node.IsNew),
                VanishedTags = Vanished(ofObject),
                Columns = columns.Select(c => new GovernedColumn(c.Name, c.Type, Names(ofColumns[c.Name], c.IsNew)) { VanishedTags = Vanished(ofColumns[c.Name]) }).ToValueList(),
            },
            node.NativeId,
            node.GrantMethod);
    }

    private static ValueList<string> Names(IEnumerable<CarriedTag> tags, bool isNew) =>
        Sorted(isNew ? [.. tags.Select(static t => t.Tag), SystemTags.DiscoveredNew] : tags.Select(static t => t.Tag));

    // What is still carried for another reason has not vanished.
    private static ValueList<string> Vanished(IEnumerable<CarriedTag> tags) =>
        tags.Any(static t => t.HasVanished) ? Sorted(tags.GroupBy(static t => t.Tag, StringComparer.Ordinal).Where(static g => g.All(static t => t.HasVanished)).Select(static g => g.Key)) : [];

    private static ValueList<string> Sorted(IEnumerable<string> tags) => tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList();

    private static List<T> ListOf<T>(Dictionary<long, List<T>> lists, long id)
    {
        if (!lists.TryGetValue(id, out var list)) lists[id] = list = [];
        return list;
    }

    private readonly record struct CarriedTag(string? Column, string Tag, bool HasVanished);

    private sealed record Node(long Id, Node? Parent, string Name, ObjectKind Kind, string? NativeId, string? GrantMethod, bool IsNew, bool IsWanted, bool IsAsked, bool IsActive)
    {
        public ObjectPath Path { get; } = Parent is null ? new ObjectPath(Name) : Parent.Path.Child(Name);

        public IEnumerable<Node> Above()
        {
            for (var node = Parent; node is not null; node = node.Parent) yield return node;
        }
    }
}
