namespace Sluice.Sandbox.Databricks.Catalog;

internal enum CatalogKind
{
    Managed,
    Foreign,
    DeltaSharing,
    System,
    Internal,
}
