using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.InformationSchema;

/// <summary>Views with one row a securable.</summary>
internal static class ObjectRelations
{
    public static readonly InformationRelation Catalogs = new InformationRelation<CatalogRow>(
        "catalogs",
        scope => scope.VisibleCatalogs(),
        ("catalog_name", SqlType.String, row => row.Catalog.Name),
        ("catalog_owner", SqlType.String, row => row.Catalog.Owner),
        ("comment", SqlType.String, row => row.Catalog.Comment),
        ("created", SqlType.Timestamp, row => InformationRelations.Time(row.Catalog.CreatedAt)),
        ("created_by", SqlType.String, row => row.Catalog.CreatedBy),
        ("last_altered", SqlType.Timestamp, row => InformationRelations.Time(row.Catalog.UpdatedAt)),
        ("last_altered_by", SqlType.String, row => row.Catalog.UpdatedBy));

    public static readonly InformationRelation Schemata = new InformationRelation<SchemaRow>(
        "schemata",
        scope => scope.VisibleSchemas(),
        ("catalog_name", SqlType.String, row => row.Catalog.Name),
        ("schema_name", SqlType.String, row => row.Schema.Name),
        ("schema_owner", SqlType.String, row => row.Schema.Owner),
        ("comment", SqlType.String, row => row.Schema.Comment),
        ("created", SqlType.Timestamp, row => InformationRelations.Time(row.Schema.CreatedAt)),
        ("created_by", SqlType.String, row => row.Schema.CreatedBy),
        ("last_altered", SqlType.Timestamp, row => InformationRelations.Time(row.Schema.UpdatedAt)),
        ("last_altered_by", SqlType.String, row => row.Schema.UpdatedBy));

    public static readonly InformationRelation Tables = new InformationRelation<TableRow>(
        "tables",
        scope => scope.Tables(),
        ("table_catalog", SqlType.String, row => row.Catalog.Name),
        ("table_schema", SqlType.String, row => row.Schema.Name),
        ("table_name", SqlType.String, row => row.Table.Name),
        ("table_type", SqlType.String, row => TableTypes.Of(row.Table.Type)),
        ("is_insertable_into", SqlType.String, row => row.Table.Type is TableType.Managed or TableType.External ? "YES" : "NO"),
        ("commit_action", SqlType.String, _ => "PRESERVE"),
        ("table_owner", SqlType.String, row => row.Table.Owner),
        ("comment", SqlType.String, row => row.Table.Comment),
        ("created", SqlType.Timestamp, row => InformationRelations.Time(row.Table.CreatedAt)),
        ("created_by", SqlType.String, row => row.Table.CreatedBy),
        ("last_altered", SqlType.Timestamp, row => InformationRelations.Time(row.Table.UpdatedAt)),
        ("last_altered_by", SqlType.String, row => row.Table.UpdatedBy),
        ("data_source_format", SqlType.String, row => row.Table.Format),
        ("storage_sub_directory", SqlType.String, _ => null),
        ("storage_path", SqlType.String, row => row.Holding.Interacts ? row.Table.StorageLocation : null));

    public static readonly InformationRelation Views = new InformationRelation<TableRow>(
        "views",
        scope => scope.Tables().Where(row => row.Table.IsView),
        ("table_catalog", SqlType.String, row => row.Catalog.Name),
        ("table_schema", SqlType.String, row => row.Schema.Name),
        ("table_name", SqlType.String, row => row.Table.Name),
        ("view_definition", SqlType.String, row => row.Holding.Owns ? row.Table.ViewDefinition : null),
        ("check_option", SqlType.String, _ => "NONE"),
        ("is_updatable", SqlType.String, _ => "NO"),
        ("is_insertable_into", SqlType.String, _ => "NO"),
        ("sql_path", SqlType.String, _ => null),
        ("is_materialized", SqlType.String, row => row.Table.Type == TableType.MaterializedView ? "YES" : "NO"));

    public static readonly InformationRelation Metastores = new InformationRelation<MetastoreObject>(
        "metastores",
        scope => [scope.State.Metastore],
        ("metastore_id", SqlType.String, row => row.Id),
        ("metastore_name", SqlType.String, row => row.Name),
        ("metastore_owner", SqlType.String, row => row.Owner),
        ("storage_root", SqlType.String, _ => null),
        ("storage_root_credential_id", SqlType.String, _ => null),
        ("storage_root_credential_name", SqlType.String, _ => null),
        ("delta_sharing_scope", SqlType.String, _ => "INTERNAL"),
        ("delta_sharing_recipient_token_lifetime", SqlType.Long, _ => null),
        ("delta_sharing_organization_name", SqlType.String, _ => null),
        ("privilege_model_version", SqlType.String, _ => "1.0"),
        ("region", SqlType.String, row => row.Region),
        ("cloud", SqlType.String, row => row.Cloud),
        ("created", SqlType.Timestamp, row => InformationRelations.Time(row.CreatedAt)),
        ("created_by", SqlType.String, row => row.CreatedBy),
        ("last_altered", SqlType.Timestamp, row => InformationRelations.Time(row.UpdatedAt)),
        ("last_altered_by", SqlType.String, row => row.UpdatedBy));

    public static readonly InformationRelation Routines = new InformationRelation<FunctionRow>(
        "routines",
        scope => scope.Functions(),
        ("specific_catalog", SqlType.String, row => row.Catalog.Name),
        ("specific_schema", SqlType.String, row => row.Schema.Name),
        ("specific_name", SqlType.String, row => row.Function.Name),
        ("routine_catalog", SqlType.String, row => row.Catalog.Name),
        ("routine_schema", SqlType.String, row => row.Schema.Name),
        ("routine_name", SqlType.String, row => row.Function.Name),
        ("routine_owner", SqlType.String, row => row.Function.Owner),
        ("routine_type", SqlType.String, _ => "FUNCTION"),
        ("data_type", SqlType.String, row => row.Function.Returns.ApiName),
        ("full_data_type", SqlType.String, row => row.Function.Returns.Text),
        ("routine_body", SqlType.String, _ => "SQL"),
        ("routine_definition", SqlType.String, row => row.Holding.Manages || row.Holding.Can(Privilege.Execute) ? row.Function.Body : null),
        ("external_name", SqlType.String, _ => null),
        ("external_language", SqlType.String, _ => null),
        ("parameter_style", SqlType.String, _ => "S"),
        ("is_deterministic", SqlType.String, row => row.Function.IsDeterministic ? "YES" : "NO"),
        ("sql_data_access", SqlType.String, row => row.Function.ReadsData ? "READS_SQL_DATA" : "CONTAINS_SQL"),
        ("is_null_call", SqlType.String, _ => "YES"),
        ("sql_path", SqlType.String, _ => null),
        ("security_type", SqlType.String, _ => "DEFINER"),
        ("comment", SqlType.String, row => row.Function.Comment),
        ("created", SqlType.Timestamp, row => InformationRelations.Time(row.Function.CreatedAt)),
        ("created_by", SqlType.String, row => row.Function.CreatedBy),
        ("last_altered", SqlType.Timestamp, row => InformationRelations.Time(row.Function.UpdatedAt)),
        ("last_altered_by", SqlType.String, row => row.Function.UpdatedBy));

    public static readonly InformationRelation Parameters = new InformationRelation<(FunctionRow In, FunctionParameter Parameter, int Index)>(
        "parameters",
        scope => scope.Functions().SelectMany(row => row.Function.Parameters.Select((parameter, index) => (row, parameter, index))),
        ("specific_catalog", SqlType.String, row => row.In.Catalog.Name),
        ("specific_schema", SqlType.String, row => row.In.Schema.Name),
        ("specific_name", SqlType.String, row => row.In.Function.Name),
        ("ordinal_position", SqlType.Int, row => row.Index),
        ("parameter_mode", SqlType.String, _ => "IN"),
        ("parameter_name", SqlType.String, row => row.Parameter.Name),
        ("data_type", SqlType.String, row => row.Parameter.Type.ApiName),
        ("full_data_type", SqlType.String, row => row.Parameter.Type.Text),
        ("comment", SqlType.String, row => row.Parameter.Comment));
}
