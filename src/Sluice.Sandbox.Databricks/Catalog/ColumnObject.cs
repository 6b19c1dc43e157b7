using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>A column; its name keeps its case and is found in any.</summary>
internal sealed record ColumnObject(string Name, SqlType Type, string? Comment = null)
{
    public bool Nullable { get; init; } = true;

    /// <summary>Its place among the partition columns, from 0.</summary>
    public int? PartitionIndex { get; init; }

    public ColumnMask? Mask { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = SecurableObject.NoTexts;
}
