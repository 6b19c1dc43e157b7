namespace Sluice.Platforms.Databricks.Setup;

/// <summary>What the documentation has the service principal hold.</summary>
internal static class DocumentedPrivileges
{
    /// <summary>On each catalog that is governed; granted there, they hold for all that is in it. REST spells them with underscores.</summary>
    public static readonly IReadOnlyList<string> OnGoverned = ["USE CATALOG", "MANAGE", "USE SCHEMA", "MODIFY", "SELECT"];

    /// <summary>On the catalog of Sluice's own.</summary>
    public static readonly IReadOnlyList<string> OnOwn = ["USE CATALOG", "USE SCHEMA", "CREATE TABLE", "CREATE FUNCTION", "SELECT", "MODIFY", "EXECUTE", "MANAGE"];

    /// <summary>The schemas of Sluice's own catalog: rows that say who is exempt and entitled, and the functions that read them.</summary>
    public static readonly IReadOnlyList<string> OwnSchemas = ["entitlements", "functions"];

    /// <summary>The schemas of system tables that query audit reads.</summary>
    public static readonly IReadOnlyList<string> SystemSchemas = ["access", "query"];

    /// <summary>The system tables that query audit reads, schema and table.</summary>
    public static readonly IReadOnlyList<(string Schema, string Table)> SystemTables =
        [("access", "table_lineage"), ("access", "column_lineage"), ("access", "audit"), ("query", "history")];
}
