using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>A schema, its relations and its functions.</summary>
internal sealed record SchemaObject : SecurableObject
{
    public TableSet Tables { get; init; } = TableSet.Empty;

    public ImmutableSortedDictionary<string, FunctionObject> Functions { get; init; } =
        ImmutableSortedDictionary.Create<string, FunctionObject>(StringComparer.Ordinal);
}
