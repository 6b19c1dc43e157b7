namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>The page of Databricks' documentation that a kind of request or statement follows.</summary>
internal static class VendorPages
{
    private const string Sql = "https://docs.databricks.com/aws/en/sql/language-manual/";
    private const string Api = "https://docs.databricks.com/api/workspace/";
    private const string Scim = "https://docs.databricks.com/api/scim/v1/";
    private const string SystemTables = "https://docs.databricks.com/aws/en/admin/system-tables/";
    private const string Unity = "/api/2.1/unity-catalog/";

    // The first whose words begin a kind, and whose other words stand in it.
    private static readonly (string Start, string Part, string Page)[] Pages =
    [
        ("ALTER STREAMING TABLE", "", Sql + "sql-ref-syntax-ddl-alter-streaming-table"),
        ("ALTER MATERIALIZED VIEW", "", Sql + "sql-ref-syntax-ddl-alter-materialized-view"),
        ("ALTER TABLE", "MASK", Sql + "sql-ref-syntax-ddl-column-mask"),
        ("ALTER TABLE", "ROW FILTER", Sql + "sql-ref-syntax-ddl-row-filter"),
        ("COMMENT ON TABLE", "", Sql + "sql-ref-syntax-ddl-comment"),
        ("CREATE OR REPLACE FUNCTION", "", Sql + "sql-ref-syntax-ddl-create-sql-function"),
        ("CREATE TABLE", "", Sql + "sql-ref-syntax-ddl-create-table-using"),
        ("DELETE FROM", "", Sql + "delta-delete-from"),
        ("DROP FUNCTION", "", Sql + "sql-ref-syntax-ddl-drop-function"),
        ("DROP TABLE", "", Sql + "sql-ref-syntax-ddl-drop-table"),
        ("INSERT INTO", "", Sql + "sql-ref-syntax-dml-insert-into"),
        ("MERGE INTO", "", Sql + "delta-merge-into"),
        ("SELECT", "FROM system.query.history", SystemTables + "query-history"),
        ("SELECT", "FROM system.access.audit", SystemTables + "audit-logs"),
        ("SELECT", "FROM system.access.column_lineage", SystemTables + "lineage"),
        ("SELECT", "FROM system.access.table_lineage", SystemTables + "lineage"),
        .. ((string[])["catalog_tags", "schema_tags", "table_tags", "column_tags", "tables", "columns"])
            .Select(static t => ("SELECT", $"FROM system.information_schema.{t} ", $"{Sql}information-schema/{t}")),
        .. ((string[])["column_masks", "row_filters"]).Select(static t => ("SELECT", $"FROM system.information_schema.{t})", $"{Sql}information-schema/{t}")),
        ("SELECT", "FROM ``", Sql + "sql-ref-syntax-qry-select"),
        ("SELECT", "", Sql + "sql-ref-syntax-qry-select"),
        ("DESCRIBE FUNCTION", "", Sql + "sql-ref-syntax-aux-describe-function"),
        ("PATCH " + Unity + "permissions/", "", "https://docs.databricks.com/api/uc-grants/v1/update-permissions"),
        ("GET " + Unity + "permissions/", "", Api + "grants/get"),
        ("GET " + Unity + "effective-permissions/", "", Api + "grants/geteffective"),
        ("GET " + Unity + "resource-quotas/", "", "https://docs.databricks.com/api/uc-resource-quotas/v1/get-quota"),
        ("GET " + Unity + "current-metastore-assignment", "", Api + "metastores/current"),
        ("GET " + Unity + "metastore_summary", "", Api + "metastores/summary"),
        ("GET " + Unity + "catalogs?", "", Api + "catalogs/list"),
        ("GET " + Unity + "catalogs/", "", Api + "catalogs/get"),
        ("GET " + Unity + "schemas?", "", Api + "schemas/list"),
        ("GET " + Unity + "schemas/", "", Api + "schemas/get"),
        ("GET " + Unity + "tables?", "", Api + "tables/list"),
        ("GET " + Unity + "tables/", "", Api + "tables/get"),
        ("GET " + Unity + "functions?", "", Api + "functions/list"),
        ("GET " + Unity + "functions/", "", Api + "functions/get"),
        ("GET /api/2.0/sql/warehouses/", "", Api + "warehouses/get"),
        ("POST /api/2.0/sql/statements ", "", Api + "statementexecution/executestatement"),
        ("GET /api/2.0/sql/statements/", "", Api + "statementexecution/getstatement"),
        ("POST /api/1.2/contexts/create", "", Api + "commandexecution/create"),
        ("GET /api/1.2/contexts/status", "", Api + "commandexecution/contextstatus"),
        ("POST /api/1.2/contexts/destroy", "", Api + "commandexecution/destroy"),
        ("POST /api/1.2/commands/execute", "", Api + "commandexecution/execute"),
        ("GET /api/1.2/commands/status", "", Api + "commandexecution/commandstatus"),
        ("GET /api/2.0/preview/scim/v2/Me", "", Api + "currentuser/me"),
        ("GET /api/2.0/preview/scim/v2/Users", "", Api + "users/list"),
        ("GET /api/2.0/preview/scim/v2/ServicePrincipals", "", Api + "serviceprincipals/list"),
        ("GET /api/2.0/preview/scim/v2/Groups", "", Api + "groups/list"),
        ("POST /api/2.0/account/scim/v2/Groups", "", Scim + "create-account-group.md"),
        ("PATCH /api/2.0/account/scim/v2/Groups/", "", Scim + "patch-account-group.md"),
        ("DELETE /api/2.0/account/scim/v2/Groups/", "", Scim + "delete-account-group.md"),
        ("GET /api/2.0/account/scim/v2/Groups/", "", Scim + "get-account-group.md"),
        ("GET /api/2.0/account/scim/v2/Groups?", "", Scim + "list-account-groups.md"),
        ("GET /api/2.0/account/scim/v2/Users?", "", Scim + "list-account-users.md"),
        ("GET /api/2.0/account/scim/v2/ServicePrincipals?", "", Scim + "list-account-service-principals.md"),
    ];

    /// <summary>Its address; null where none is known.</summary>
    public static string? Of(string kind) => Pages.FirstOrDefault(p => kind.StartsWith(p.Start, StringComparison.Ordinal) && kind.Contains(p.Part, StringComparison.Ordinal)).Page;
}
