namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>Table types and catalog kinds as the APIs and the information schema spell them.</summary>
internal static class TableTypes
{
    public static string Of(TableType type) => type switch
    {
        TableType.MaterializedView => "MATERIALIZED_VIEW",
        TableType.StreamingTable => "STREAMING_TABLE",
        TableType.ManagedShallowClone => "MANAGED_SHALLOW_CLONE",
        TableType.ExternalShallowClone => "EXTERNAL_SHALLOW_CLONE",
        TableType.MetricView => "METRIC_VIEW",
        _ => type.ToString().ToUpperInvariant(),
    };

    public static string Of(CatalogKind kind) => $"{kind.ToString().ToUpperInvariant()}_CATALOG";
}
