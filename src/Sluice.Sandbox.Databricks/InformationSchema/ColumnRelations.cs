using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.InformationSchema;

/// <summary>Views about columns, their masks, and tables' row filters.</summary>
internal static class ColumnRelations
{
    public static readonly InformationRelation Columns = new InformationRelation<ColumnRow>(
        "columns",
        scope => scope.Columns(),
        ("table_catalog", SqlType.String, row => row.In.Catalog.Name),
        ("table_schema", SqlType.String, row => row.In.Schema.Name),
        ("table_name", SqlType.String, row => row.In.Table.Name),
        ("column_name", SqlType.String, row => row.Column.Name),
        // Numbered from 1 by the documentation.
        ("ordinal_position", SqlType.Int, row => row.Index + 1),
        ("column_default", SqlType.String, _ => null),
        ("is_nullable", SqlType.String, row => row.Column.Nullable ? "YES" : "NO"),
        ("full_data_type", SqlType.String, row => row.Column.Type.Text),
        ("data_type", SqlType.String, row => row.Column.Type.ApiName),
        ("character_maximum_length", SqlType.Int, _ => null),
        ("character_octet_length", SqlType.String, _ => null),
        ("numeric_precision", SqlType.Int, row => Precision(row.Column.Type)),
        ("numeric_precision_radix", SqlType.Int, row => Precision(row.Column.Type) is null ? null : row.Column.Type.Base == "decimal" ? 10 : 2),
        ("numeric_scale", SqlType.Int, row => row.Column.Type.Base switch { "decimal" => row.Column.Type.Scale ?? 0, "bigint" or "int" or "smallint" or "tinyint" => 0, _ => null }),
        ("datetime_precision", SqlType.Int, row => row.Column.Type.Base switch { "date" => 0, "timestamp" or "timestamp_ntz" => 3, _ => null }),
        ("interval_type", SqlType.String, _ => null),
        ("interval_precision", SqlType.Int, _ => null),
        ("maximum_cardinality", SqlType.Int, _ => null),
        ("is_identity", SqlType.String, _ => "NO"),
        ("identity_generation", SqlType.String, _ => null),
        ("identity_start", SqlType.String, _ => null),
        ("identity_increment", SqlType.String, _ => null),
        ("identity_maximum", SqlType.String, _ => null),
        ("identity_minimum", SqlType.String, _ => null),
        ("identity_cycle", SqlType.String, _ => null),
        ("is_generated", SqlType.String, _ => null),
        ("generation_expression", SqlType.String, _ => null),
        ("is_system_time_period_start", SqlType.String, _ => "NO"),
        ("is_system_time_period_end", SqlType.String, _ => "NO"),
        ("system_time_period_timestamp_generation", SqlType.String, _ => null),
        ("is_updatable", SqlType.String, row => row.In.Table.IsView ? "NO" : "YES"),
        ("partition_ordinal_position", SqlType.Int, row => row.Column.PartitionIndex + 1),
        ("comment", SqlType.String, row => row.Column.Comment));

    /// <summary>As Databricks' dbt adapter reads it on workspaces: https://github.com/databricks/dbt-databricks (macros/relations/components/column_mask.sql).</summary>
    public static readonly InformationRelation ColumnMasks = new InformationRelation<ColumnRow>(
        "column_masks",
        MaskedColumns,
        ("table_catalog", SqlType.String, row => row.In.Catalog.Name),
        ("table_schema", SqlType.String, row => row.In.Schema.Name),
        ("table_name", SqlType.String, row => row.In.Table.Name),
        ("column_name", SqlType.String, row => row.Column.Name),
        ("mask_name", SqlType.String, row => row.Column.Mask!.Function),
        ("using_columns", SqlType.String, row => row.Column.Mask!.Using.IsEmpty ? null : string.Join(", ", row.Column.Mask.Using)));

    /// <summary>As it is documented: https://docs.databricks.com/aws/en/sql/language-manual/information-schema/column_masks.</summary>
    public static readonly InformationRelation DocumentedColumnMasks = new InformationRelation<ColumnRow>(
        "column_masks",
        MaskedColumns,
        ("catalog_name", SqlType.String, row => row.In.Catalog.Name),
        ("schema_name", SqlType.String, row => row.In.Schema.Name),
        ("table_name", SqlType.String, row => row.In.Table.Name),
        ("column_name", SqlType.String, row => row.Column.Name),
        ("mask_catalog", SqlType.String, row => Part(row.Column.Mask!.Function, 0)),
        ("mask_schema", SqlType.String, row => Part(row.Column.Mask!.Function, 1)),
        ("mask_name", SqlType.String, row => Part(row.Column.Mask!.Function, 2)),
        ("mask_col_usage", SqlType.String, row => row.Column.Mask!.Using.IsEmpty ? null : string.Join(",", row.Column.Mask.Using)));

    /// <summary>As Databricks' dbt adapter reads it on workspaces (macros/relations/components/row_filter.sql).</summary>
    public static readonly InformationRelation RowFilters = new InformationRelation<TableRow>(
        "row_filters",
        FilteredTables,
        ("table_catalog", SqlType.String, row => row.Catalog.Name),
        ("table_schema", SqlType.String, row => row.Schema.Name),
        ("table_name", SqlType.String, row => row.Table.Name),
        ("filter_name", SqlType.String, row => row.Table.RowFilter!.Function),
        ("target_columns", SqlType.String, row => string.Join(", ", row.Table.RowFilter!.On)));

    /// <summary>As it is documented: https://docs.databricks.com/aws/en/sql/language-manual/information-schema/row_filters.</summary>
    public static readonly InformationRelation DocumentedRowFilters = new InformationRelation<TableRow>(
        "row_filters",
        FilteredTables,
        ("catalog_name", SqlType.String, row => row.Catalog.Name),
        ("schema_name", SqlType.String, row => row.Schema.Name),
        ("table_name", SqlType.String, row => row.Table.Name),
        ("filter_catalog", SqlType.String, row => Part(row.Table.RowFilter!.Function, 0)),
        ("filter_schema", SqlType.String, row => Part(row.Table.RowFilter!.Function, 1)),
        ("filter_name", SqlType.String, row => Part(row.Table.RowFilter!.Function, 2)),
        ("filter_col_usage", SqlType.String, row => string.Join(",", row.Table.RowFilter!.On)));

    private static IEnumerable<ColumnRow> MaskedColumns(InformationScope scope) => scope.Columns().Where(row => row.Column.Mask is not null && row.In.Holding.Interacts);

    private static IEnumerable<TableRow> FilteredTables(InformationScope scope) => scope.Tables().Where(row => row.Table.RowFilter is not null && row.Holding.Interacts);

    private static object? Precision(SqlType type) => type.Base switch
    {
        "decimal" => type.Precision ?? 10,
        "bigint" => 64,
        "int" => 32,
        "smallint" => 16,
        "tinyint" => 8,
        "double" => 53,
        "float" => 24,
        _ => null,
    };

    // Names of schemas and catalogs hold no dots, so the cuts are where they seem.
    private static string Part(string full, int part) => full.Split('.', 3)[part];
}
