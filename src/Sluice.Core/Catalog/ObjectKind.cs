namespace Sluice.Core.Catalog;

/// <summary>What a data object is on its platform. The numbers are stored: never renumber.</summary>
public enum ObjectKind
{
    /// <summary>The root of a connection's tree.</summary>
    Connection = 0,

    /// <summary>A database, or a Unity Catalog catalog.</summary>
    Database = 1,

    /// <summary>A schema.</summary>
    Schema = 2,

    /// <summary>An ordinary table, partitioned tables included.</summary>
    Table = 10,

    /// <summary>A view.</summary>
    View = 11,

    /// <summary>A materialized view.</summary>
    MaterializedView = 12,

    /// <summary>A table whose data lies outside the platform (external, foreign).</summary>
    ExternalTable = 13,

    /// <summary>An Apache Iceberg table.</summary>
    IcebergTable = 14,

    /// <summary>A Snowflake dynamic table.</summary>
    DynamicTable = 15,

    /// <summary>A Snowflake event table.</summary>
    EventTable = 16,

    /// <summary>A table of another engine reached through federation.</summary>
    FederatedTable = 17,

    /// <summary>A Glue pointer to a table or database elsewhere; access is decided at its target.</summary>
    ResourceLink = 18,

    /// <summary>A Databricks streaming table.</summary>
    StreamingTable = 19,
}

/// <summary>Facts about kinds.</summary>
public static class ObjectKinds
{
    /// <summary>Whether an active object of this kind is a data source: something people read.</summary>
    public static bool IsReadable(this ObjectKind kind) => kind >= ObjectKind.Table && kind != ObjectKind.ResourceLink;
}
