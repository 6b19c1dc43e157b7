using Sluice.Core.Catalog;

namespace Sluice.Storage.Tests.Catalog;

/// <summary>The tree as one would write it down without a database: plain objects that hold their children, walked from node to node.</summary>
internal sealed class NaiveCatalog
{
    private readonly Dictionary<long, Node> _nodes = [];

    public Node Root { get; private set; } = null!;

    public Node Add(long id, Node? parent, DiscoveredObject? found, Node? replaces, DateTimeOffset at)
    {
        var node = new Node { Id = id, Parent = parent, Name = found?.Path.Name ?? "", Found = found };
        if (parent is null) Root = node;
        else
        {
            parent.Children.Add(node);
            var predecessor = replaces ?? (PredecessorOf(parent) is { } old ? LastNamed(old, node.Name) : null);
            if (replaces is not null)
            {
                Miss(replaces, at);
                replaces.IsReplaced = true;
            }

            if (predecessor is not null)
                (node.IsActive, node.ActivateNew, node.Owners) = (predecessor.IsActive, predecessor.ActivateNew, predecessor.Owners);
            else
                for (var above = parent; above is not null && node.IsActive is null; above = above.Parent) node.IsActive = above.ActivateNew;
        }

        node.NewColumns = [];
        _nodes.Add(id, node);
        return node;
    }

    /// <summary>The container whose place this one has taken, because it took its name or because its own container has taken another's.</summary>
    private static Node? PredecessorOf(Node container)
    {
        if (container.Parent is not { } parent) return null;
        return parent.Children.Where(c => c.IsReplaced && c.Name == container.Name && c.Id < container.Id).MaxBy(c => c.Id)
            ?? (PredecessorOf(parent) is { } above ? LastNamed(above, container.Name) : null);
    }

    private static Node? LastNamed(Node container, string name) =>
        container.Children.Where(c => c.Name == name).OrderBy(c => c.IsReplaced).ThenByDescending(c => c.Id).FirstOrDefault();

    public static void Miss(Node node, DateTimeOffset at)
    {
        node.MissingSince ??= at;
        foreach (var child in node.Children) Miss(child, at);
    }

    public static void Update(IReadOnlyList<(Node Node, CatalogChange.Update Change)> updates)
    {
        foreach (var (node, change) in updates)
        {
            if (change.Renamed || (change.Reappeared && node.IsReplaced))
            {
                foreach (var holder in node.Parent!.Children.Where(c => c != node && !c.IsReplaced && c.MissingSince is not null && c.Name == change.Found.Path.Name))
                    if (!updates.Any(u => u.Node == holder && (u.Change.Renamed || (u.Change.Reappeared && holder.IsReplaced)))) holder.IsReplaced = true;
            }
        }

        foreach (var (node, change) in updates)
        {
            if (change.Renamed) node.Name = change.Found.Path.Name;
            if (change.Reappeared) (node.MissingSince, node.IsReplaced) = (null, false);
            if (change.Renamed) node.IsReplaced = false;
            if (!change.ContentChanged) continue;
            var before = node.Found!.Columns;
            var merge = ColumnMerge.Of(before, change.Found.Columns);
            node.NewColumns = [.. change.Found.Columns
                .Where(c => merge.New.Contains(c.Name) || node.NewColumns.Contains(merge.Renamed.GetValueOrDefault(c.Name, c.Name))).Select(c => c.Name)];
            node.Found = change.Found;
        }
    }

    public void Delete(Node node)
    {
        node.Parent!.Children.Remove(node);
        foreach (var gone in node.Subtree()) _nodes.Remove(gone.Id);
    }

    public IEnumerable<Node> Visible() => Root.Subtree().Where(n => n.IsVisible);

    public Node Of(long id) => _nodes[id];

    public IEnumerable<Node> All => _nodes.Values;

    internal sealed class Node
    {
        public required long Id { get; init; }
        public required Node? Parent { get; init; }
        public required string Name { get; set; }
        public required DiscoveredObject? Found { get; set; }
        public List<Node> Children { get; } = [];
        public bool? IsActive { get; set; }
        public bool? ActivateNew { get; set; }
        public string? Owners { get; set; }
        public DateTimeOffset? MissingSince { get; set; }
        public bool IsReplaced { get; set; }
        public List<string> NewColumns { get; set; } = [];

        public bool IsVisible => !IsReplaced && (Parent?.IsVisible ?? true);
        public bool Wanted => IsActive ?? Parent?.Wanted ?? false;
        public bool Active => Activation.IsActive(Wanted, MissingSince is not null, Found?.Governance ?? Governance.Governed, false);
        public string Path => Parent is null ? "" : $"{Parent.Path}/{Name}";

        public IEnumerable<Node> Subtree() => Children.SelectMany(c => c.Subtree()).Prepend(this);

        public IEnumerable<Node> VisibleBelow() => Subtree().Skip(1).Where(n => n.IsVisible);
    }
}
