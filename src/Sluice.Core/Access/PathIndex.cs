using Sluice.Core.Catalog;

namespace Sluice.Core.Access;

/// <summary>Numbers by path: an object answers with those of itself and of all above it. A connection's key is compared ignoring case.</summary>
internal sealed class PathIndex
{
    private readonly Node root = new(StringComparer.OrdinalIgnoreCase);

    public void Add(ObjectPath path, int number)
    {
        var node = root;
        foreach (var name in path.Names)
        {
            if (!node.Below.TryGetValue(name, out var next)) node.Below.Add(name, next = new Node(StringComparer.Ordinal));
            node = next;
        }

        node.Numbers.Add(number);
    }

    public void ForEach<TState>(ObjectPath path, TState state, Action<TState, int> act)
    {
        var node = root;
        foreach (var name in path.Names)
        {
            if (!node.Below.TryGetValue(name, out var next)) return;
            node = next;
            foreach (var number in node.Numbers) act(state, number);
        }
    }

    private sealed class Node(StringComparer comparer)
    {
        public Dictionary<string, Node> Below { get; } = new(comparer);

        public List<int> Numbers { get; } = [];
    }
}
