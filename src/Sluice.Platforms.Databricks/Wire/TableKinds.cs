using Sluice.Core.Catalog;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>What a table is, from <c>table_type</c> (REST and information schema spell it alike) and <c>data_source_format</c>.</summary>
internal static class TableKinds
{
    private const string Iceberg = "ICEBERG";

    /// <summary>The kind; a type that is newer than this list is a table.</summary>
    public static ObjectKind Of(string? type, string? format) => type switch
    {
        "VIEW" or "METRIC_VIEW" => ObjectKind.View,
        "MATERIALIZED_VIEW" => ObjectKind.MaterializedView,
        "STREAMING_TABLE" => ObjectKind.StreamingTable,
        "FOREIGN" => ObjectKind.FederatedTable,
        "EXTERNAL" or "EXTERNAL_SHALLOW_CLONE" => ObjectKind.ExternalTable,
        _ => format == Iceberg ? ObjectKind.IcebergTable : ObjectKind.Table,
    };
}
