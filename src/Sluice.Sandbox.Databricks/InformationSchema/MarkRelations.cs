using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.InformationSchema;

/// <summary>Views about what was put on securables: tags and privileges.</summary>
internal static class MarkRelations
{
    public static readonly InformationRelation CatalogTags = new InformationRelation<TagRow>(
        "catalog_tags",
        TagRows.OfCatalogs,
        ("catalog_name", SqlType.String, row => row.Catalog),
        ("tag_name", SqlType.String, row => row.Key),
        ("tag_value", SqlType.String, row => row.Value));

    public static readonly InformationRelation SchemaTags = new InformationRelation<TagRow>(
        "schema_tags",
        TagRows.OfSchemas,
        ("catalog_name", SqlType.String, row => row.Catalog),
        ("schema_name", SqlType.String, row => row.Schema),
        ("tag_name", SqlType.String, row => row.Key),
        ("tag_value", SqlType.String, row => row.Value));

    public static readonly InformationRelation TableTags = new InformationRelation<TagRow>(
        "table_tags",
        TagRows.OfTables,
        ("catalog_name", SqlType.String, row => row.Catalog),
        ("schema_name", SqlType.String, row => row.Schema),
        ("table_name", SqlType.String, row => row.Table),
        ("tag_name", SqlType.String, row => row.Key),
        ("tag_value", SqlType.String, row => row.Value));

    public static readonly InformationRelation ColumnTags = new InformationRelation<TagRow>(
        "column_tags",
        TagRows.OfColumns,
        ("catalog_name", SqlType.String, row => row.Catalog),
        ("schema_name", SqlType.String, row => row.Schema),
        ("table_name", SqlType.String, row => row.Table),
        ("column_name", SqlType.String, row => row.Column),
        ("tag_name", SqlType.String, row => row.Key),
        ("tag_value", SqlType.String, row => row.Value));

    public static readonly InformationRelation MetastorePrivileges = new InformationRelation<PrivilegeRow>(
        "metastore_privileges",
        PrivilegeRows.OfMetastore,
        ("grantor", SqlType.String, row => row.Grantor),
        ("grantee", SqlType.String, row => row.Grantee),
        ("privilege_type", SqlType.String, row => row.Privilege),
        ("is_grantable", SqlType.String, _ => "NO"));

    public static readonly InformationRelation CatalogPrivileges = new InformationRelation<PrivilegeRow>(
        "catalog_privileges",
        PrivilegeRows.OfCatalogs,
        ("grantor", SqlType.String, row => row.Grantor),
        ("grantee", SqlType.String, row => row.Grantee),
        ("catalog_name", SqlType.String, row => row.Catalog),
        ("privilege_type", SqlType.String, row => row.Privilege),
        ("is_grantable", SqlType.String, _ => "NO"),
        ("inherited_from", SqlType.String, row => row.InheritedFrom));

    public static readonly InformationRelation SchemaPrivileges = new InformationRelation<PrivilegeRow>(
        "schema_privileges",
        PrivilegeRows.OfSchemas,
        ("grantor", SqlType.String, row => row.Grantor),
        ("grantee", SqlType.String, row => row.Grantee),
        ("catalog_name", SqlType.String, row => row.Catalog),
        ("schema_name", SqlType.String, row => row.Schema),
        ("privilege_type", SqlType.String, row => row.Privilege),
        ("is_grantable", SqlType.String, _ => "NO"),
        ("inherited_from", SqlType.String, row => row.InheritedFrom));

    public static readonly InformationRelation TablePrivileges = new InformationRelation<PrivilegeRow>(
        "table_privileges",
        PrivilegeRows.OfTables,
        ("grantor", SqlType.String, row => row.Grantor),
        ("grantee", SqlType.String, row => row.Grantee),
        ("table_catalog", SqlType.String, row => row.Catalog),
        ("table_schema", SqlType.String, row => row.Schema),
        ("table_name", SqlType.String, row => row.Name),
        ("privilege_type", SqlType.String, row => row.Privilege),
        ("is_grantable", SqlType.String, _ => "NO"),
        ("inherited_from", SqlType.String, row => row.InheritedFrom));

    /// <summary>https://docs.databricks.com/aws/en/sql/language-manual/information-schema/routine_privileges, whose page misspells routine_schema.</summary>
    public static readonly InformationRelation RoutinePrivileges = new InformationRelation<PrivilegeRow>(
        "routine_privileges",
        PrivilegeRows.OfRoutines,
        ("grantor", SqlType.String, row => row.Grantor),
        ("grantee", SqlType.String, row => row.Grantee),
        ("specific_catalog", SqlType.String, row => row.Catalog),
        ("specific_schema", SqlType.String, row => row.Schema),
        ("specific_name", SqlType.String, row => row.Name),
        ("routine_catalog", SqlType.String, row => row.Catalog),
        ("routine_schema", SqlType.String, row => row.Schema),
        ("routine_name", SqlType.String, row => row.Name),
        ("privilege_type", SqlType.String, row => row.Privilege),
        ("is_grantable", SqlType.String, _ => "NO"),
        ("inherited_from", SqlType.String, row => row.InheritedFrom));
}
