namespace Sluice.Core.Tests.Catalog;

/// <summary>Activation as api.md tells it, recursively.</summary>
internal sealed class NaiveTree
{
    internal List<Node> Nodes { get; } = [];

    internal static NaiveTree Of(int[] parents, bool?[] overrides, bool?[] newChildren)
    {
        var tree = new NaiveTree();
        // The root's override is the connection's setting, which is never "none".
        tree.Nodes.Add(new Node(null) { Override = overrides[0] ?? false, ActivateNewChildren = newChildren[0] });
        foreach (var (i, parent) in parents.Index())
        {
            var above = tree.Nodes[parent % tree.Nodes.Count];
            tree.Nodes.Add(new Node(above) { Override = overrides[i + 1], ActivateNewChildren = newChildren[i + 1] });
        }

        return tree;
    }

    internal bool IsWanted(Node node)
    {
        if (node.Override is { } own) return own;
        return node.Parent is not null && IsWanted(node.Parent);
    }

    internal bool? OverrideOfNewChild(Node parent) =>
        parent.ActivateNewChildren ?? (parent.Parent is null ? null : OverrideOfNewChild(parent.Parent));

    internal bool?[] Upwards(Node from, Func<Node, bool?> setting)
    {
        var chain = new List<bool?>();
        for (var node = from; node is not null; node = node.Parent) chain.Add(setting(node));
        return [.. chain];
    }

    internal sealed class Node(Node? parent)
    {
        internal Node? Parent { get; } = parent;

        internal bool? Override { get; set; }

        internal bool? ActivateNewChildren { get; init; }
    }
}
