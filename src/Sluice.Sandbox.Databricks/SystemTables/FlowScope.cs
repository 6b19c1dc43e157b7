using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>The relations whose columns an expression may name, those of the query around it after its own.</summary>
internal sealed record FlowScope(ImmutableArray<FlowRelation> Relations, FlowScope? Around)
{
    public IEnumerable<FlowSource> Find(ReadOnlySpan<string> parts)
    {
        // a.b is the column b of the relation a before it is the field b of the column a.
        for (var at = Math.Min(parts.Length - 1, 3); at >= 0; at--)
        {
            foreach (var relation in Relations)
            {
                if (relation.IsNamed(parts[..at]) && Column(relation, parts[at]) is { } found) return found.From;
            }
        }

        return Around?.Find(parts) ?? [];
    }

    private static FlowColumn? Column(FlowRelation relation, string name)
    {
        foreach (var column in relation.Columns)
        {
            if (column.IsNamed(name)) return column;
        }

        return null;
    }
}

/// <summary>A relation in a FROM clause.</summary>
/// <param name="Name">Its alias, or the name it was read by.</param>
/// <param name="Columns">Its columns, in their order.</param>
internal sealed record FlowRelation(ImmutableArray<string> Name, IReadOnlyList<FlowColumn> Columns)
{
    /// <summary>Those of its columns that a join has put together with a column of a relation before it.</summary>
    public ImmutableArray<string> Joined { get; init; } = [];

    /// <summary>Whether a qualifier means it: orders, or sales.orders; none means every relation.</summary>
    public bool IsNamed(ReadOnlySpan<string> qualifier) =>
        qualifier.Length <= Name.Length && Name.AsSpan()[(Name.Length - qualifier.Length)..].SequenceEqual(qualifier, StringComparer.OrdinalIgnoreCase);
}
