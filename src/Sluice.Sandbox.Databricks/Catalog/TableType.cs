namespace Sluice.Sandbox.Databricks.Catalog;

internal enum TableType
{
    Managed,
    External,
    View,
    MaterializedView,
    StreamingTable,
    Foreign,
    ManagedShallowClone,
    ExternalShallowClone,
    MetricView,
}
