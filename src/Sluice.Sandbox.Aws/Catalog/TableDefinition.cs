using System.Collections.Immutable;

namespace Sluice.Sandbox.Aws.Catalog;

internal enum TableKind
{
    External,
    Iceberg,
    View,
    MultiDialectView,
    Federated,
    ResourceLink,
}

/// <summary>A table as Glue stores it, without its place in a database.</summary>
internal sealed record TableDefinition
{
    public required string Name { get; init; }

    public TableKind Kind { get; init; } = TableKind.External;

    public string? Description { get; init; }

    /// <summary>Seconds since 1970; Glue answers fractions.</summary>
    public double CreateTime { get; init; }

    public double UpdateTime { get; init; }

    public int Version { get; init; }

    public string Format { get; init; } = "parquet";

    public bool Registered { get; init; } = true;

    /// <summary>Some crawlers leave TableType out, so clients must live without it.</summary>
    public bool StatesItsType { get; init; } = true;

    public required ImmutableArray<ColumnDefinition> Columns { get; init; }

    public ImmutableArray<ColumnDefinition> PartitionKeys { get; init; } = [];

    public string? ViewText { get; init; }

    /// <summary>Of a resource link: account, database and table it points at.</summary>
    public (string Account, string Database, string Table)? Target { get; init; }

    public IEnumerable<ColumnDefinition> AllColumns => Columns.Concat(PartitionKeys);

    public bool HasColumn(string name) => AllColumns.Any(column => column.Name == name);
}
