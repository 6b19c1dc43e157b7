namespace Sluice.Sandbox.Databricks;

/// <summary>What Unity Catalog grants the service principal when a sandbox starts.</summary>
public enum ServiceGrants
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>BROWSE on every catalog but system: metadata alone.</summary>
    Browse,

    /// <summary>
    /// USE CATALOG, USE SCHEMA, BROWSE, SELECT, APPLY TAG and MANAGE on every catalog but system: reads, tags and grants everything
    /// without owning it.
    /// </summary>
    Manage,

    /// <summary>As <see cref="Manage"/>, and the use and SELECT of the system schemas access and query.</summary>
    ManageWithSystemTables,

    /// <summary>A member of the group of metastore admins.</summary>
    MetastoreAdmin,
}
