using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>A relation: table, view or one of their relatives.</summary>
internal sealed record TableObject : SecurableObject
{
    public TableType Type { get; init; }

    public string Format { get; init; } = "DELTA";

    public required ImmutableArray<ColumnObject> Columns { get; init; }

    /// <summary>The text after AS, for views and materialized views.</summary>
    public string? ViewDefinition { get; init; }

    public RowFilter? RowFilter { get; init; }

    public string? StorageLocation { get; init; }

    public string? PipelineId { get; init; }

    /// <summary>How many made-up rows the table is born with.</summary>
    public int BornRows { get; init; }

    public bool IsView => Type is TableType.View or TableType.MaterializedView or TableType.MetricView;

    public int IndexOf(string column)
    {
        for (var index = 0; index < Columns.Length; index++)
        {
            if (string.Equals(Columns[index].Name, column, StringComparison.OrdinalIgnoreCase)) return index;
        }

        return -1;
    }
}
