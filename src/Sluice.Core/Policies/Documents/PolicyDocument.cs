namespace Sluice.Core.Policies.Documents;

/// <summary>One of the documents of a text.</summary>
/// <param name="root">What it holds.</param>
/// <param name="path">Its own path: <c>$</c>, or <c>$[n]</c> where the text holds a list or several documents.</param>
public sealed class PolicyDocument(DocumentNode root, string path = "$")
{
    private readonly Lazy<Dictionary<string, DocumentNode>> _nodes = new(() => NodesOf(root, path));

    /// <summary>The largest text that is read, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>How deep mappings and lists may lie in each other.</summary>
    public const int MaxDepth = 64;

    /// <summary>What it holds.</summary>
    public DocumentNode Root => root;

    /// <summary>Its own path.</summary>
    public string Path => path;

    /// <summary>The documents of one text: each with a path that tells it from the others.</summary>
    /// <param name="roots">What the text holds; a list is a list of documents.</param>
    /// <param name="problems">Where it goes that there is none.</param>
    public static IReadOnlyList<PolicyDocument> Of(IReadOnlyList<DocumentNode> roots, PolicyProblems problems)
    {
        var all = roots.SelectMany(r => r is DocumentNode.Sequence list ? list.Items : [r]).ToList();
        if (all.Count == 0) problems.Add("$", 1, 1, "holds no policy");
        return roots is [not DocumentNode.Sequence] ? [new PolicyDocument(roots[0])] : [.. all.Select((r, i) => new PolicyDocument(r, $"$[{i}]"))];
    }

    /// <summary>The piece at a path, or the nearest one above it that there is.</summary>
    internal DocumentNode NodeAt(string at)
    {
        for (; at.Length > path.Length; at = at[..at.LastIndexOfAny(['.', '['])])
            if (_nodes.Value.TryGetValue(at, out var node)) return node;
        return root;
    }

    /// <summary>The paths of a data policy's rules, in their order.</summary>
    internal IReadOnlyList<string> RulePaths()
    {
        var paths = new List<string>();
        for (var action = 0; _nodes.Value.ContainsKey($"{path}.actions[{action}]"); action++)
            for (var rule = 0; _nodes.Value.ContainsKey($"{path}.actions[{action}].rules[{rule}]"); rule++) paths.Add($"{path}.actions[{action}].rules[{rule}]");
        return paths;
    }

    private static Dictionary<string, DocumentNode> NodesOf(DocumentNode root, string path)
    {
        var nodes = new Dictionary<string, DocumentNode>(StringComparer.Ordinal);
        Visit(root, path);
        return nodes;

        void Visit(DocumentNode node, string at)
        {
            nodes.TryAdd(at, node);
            if (node is DocumentNode.Mapping mapping)
                foreach (var member in mapping.Members) Visit(member.Value, $"{at}.{member.Name}");
            if (node is not DocumentNode.Sequence list) return;
            for (var i = 0; i < list.Items.Count; i++) Visit(list.Items[i], $"{at}[{i}]");
        }
    }
}
