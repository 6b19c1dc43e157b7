using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>A column of a query's result.</summary>
/// <param name="Name">What it is called; empty where the query gives it no name.</param>
/// <param name="From">The columns of relations that it is made of.</param>
internal sealed record FlowColumn(string Name, ImmutableHashSet<FlowSource> From)
{
    public bool IsNamed(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A column of a relation that a statement names.</summary>
/// <param name="Table">catalog.schema.name.</param>
/// <param name="Column">As the relation spells it.</param>
internal readonly record struct FlowSource(string Table, string Column);
