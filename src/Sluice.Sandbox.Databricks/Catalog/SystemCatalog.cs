using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>
/// The system catalog: audit log, lineage and query history, from
/// https://docs.databricks.com/aws/en/admin/system-tables. They begin empty and are filled by statements of the sandbox's owner.
/// </summary>
internal static class SystemCatalog
{
    public const string Name = "system";

    private const string Owner = "System user";

    private const string Identity = "struct<email:string,subject_name:string>";

    /// <summary>The schemas that can be enabled.</summary>
    public static readonly IReadOnlyList<string> SchemaNames = ["access", "query"];

    public static CatalogObject Build(IEnumerable<string> enabled, long born) => enabled.Aggregate(
        new CatalogObject
        {
            Name = Name,
            Id = WorkspaceSeed.IdOf(Name),
            Owner = Owner,
            Kind = CatalogKind.System,
            Comment = "System catalog (auto-created)",
            CreatedAt = born,
            CreatedBy = Owner,
            UpdatedAt = born,
            UpdatedBy = Owner,
        },
        (catalog, name) => catalog.With(SchemaOf(name, born)));

    /// <summary>A schema as it is when it was just enabled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such system schema.</exception>
    public static SchemaObject SchemaOf(string name, long born) => name switch
    {
        "access" => Schema(
            name,
            born,
            Table("audit", born, "account_id string, workspace_id string, version string, event_time timestamp, event_date date, source_ip_address string, user_agent string, session_id string, user_identity " + Identity + ", service_name string, action_name string, request_id string, request_params map<string,string>, response struct<status_code:int,error_message:string,result:string>, audit_level string, event_id string, identity_metadata struct<run_by:string,run_as:string>"),
            Table("table_lineage", born, Lineage("")),
            Table("column_lineage", born, Lineage(", source_column_name string, target_column_name string"))),
        "query" => Schema(
            name,
            born,
            Table("history", born, "account_id string, workspace_id string, statement_id string, session_id string, execution_status string, compute struct<type:string,cluster_id:string,warehouse_id:string>, executed_by_user_id string, executed_by string, executed_as string, executed_as_user_id string, statement_text string, statement_type string, error_message string, client_application string, client_driver string, total_duration_ms bigint, execution_duration_ms bigint, compilation_duration_ms bigint, start_time timestamp, end_time timestamp, update_time timestamp, read_rows bigint, produced_rows bigint, read_bytes bigint, from_result_cache boolean, cache_origin_statement_id string")),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such system schema."),
    };

    /// <summary>The catalog with its data schemas opened to a principal, as an administrator would.</summary>
    public static CatalogObject Granted(CatalogObject catalog, string principal)
    {
        catalog = catalog with { Grants = catalog.Grants.SetItem(principal, new(Privilege.UseCatalog, Owner)) };
        foreach (var schema in catalog.Schemas.Values.Where(schema => SchemaNames.Contains(schema.Name)))
        {
            catalog = catalog.With(schema with { Grants = schema.Grants.SetItem(principal, new(Privilege.UseSchema | Privilege.Select, Owner)) });
        }

        return catalog;
    }

    private static string Lineage(string columns) =>
        "account_id string, metastore_id string, workspace_id string, entity_type string, entity_id string, entity_run_id string, source_table_full_name string, source_table_catalog string, source_table_schema string, source_table_name string, source_path string, source_type string"
        + ", target_table_full_name string, target_table_catalog string, target_table_schema string, target_table_name string, target_path string, target_type string" + columns
        + ", created_by string, event_time timestamp, event_date date, record_id string, event_id string, statement_id string, entity_metadata struct<job_info:string,sql_query_id:string>";

    private static SchemaObject Schema(string name, long born, params ReadOnlySpan<TableObject> tables) => new()
    {
        Name = name,
        Id = WorkspaceSeed.IdOf($"system/{name}"),
        Owner = Owner,
        CreatedAt = born,
        CreatedBy = Owner,
        UpdatedAt = born,
        UpdatedBy = Owner,
        Tables = new(new ListedTables(tables.ToArray())),
    };

    private static TableObject Table(string name, long born, string columns) => new()
    {
        Name = name,
        Id = WorkspaceSeed.IdOf($"system/{name}"),
        Owner = Owner,
        CreatedAt = born,
        CreatedBy = Owner,
        UpdatedAt = born,
        UpdatedBy = Owner,
        Columns = ColumnParser.List(new($"({columns})")),
    };
}
