namespace Sluice.Sandbox.Databricks.InformationSchema;

/// <summary>Tags, one a row.</summary>
internal static class TagRows
{
    public static IEnumerable<TagRow> OfCatalogs(InformationScope scope) =>
        from row in scope.VisibleCatalogs()
        from tag in row.Catalog.Tags
        select new TagRow(row.Catalog.Name, null, null, null, tag.Key, tag.Value);

    public static IEnumerable<TagRow> OfSchemas(InformationScope scope) =>
        from row in scope.VisibleSchemas()
        from tag in row.Schema.Tags
        select new TagRow(row.Catalog.Name, row.Schema.Name, null, null, tag.Key, tag.Value);

    public static IEnumerable<TagRow> OfTables(InformationScope scope) =>
        from row in scope.Tables()
        from tag in row.Table.Tags
        select new TagRow(row.Catalog.Name, row.Schema.Name, row.Table.Name, null, tag.Key, tag.Value);

    public static IEnumerable<TagRow> OfColumns(InformationScope scope) =>
        from row in scope.Columns()
        from tag in row.Column.Tags
        select new TagRow(row.In.Catalog.Name, row.In.Schema.Name, row.In.Table.Name, row.Column.Name, tag.Key, tag.Value);
}
