namespace Sluice.Platforms.Databricks.Sql;

/// <summary>A table's place in the order of a crawl.</summary>
internal readonly record struct TableKey(string Schema, string Table);

/// <summary>The tables from a first to a last one, in the schemas that were asked for.</summary>
internal readonly record struct TableRange(TableKey First, TableKey Last, IReadOnlyList<string> Schemas)
{
    /// <summary>Some of the tables of a page.</summary>
    /// <param name="keys">The page, in order.</param>
    /// <param name="first">The index of the first.</param>
    /// <param name="last">The index of the last.</param>
    public static TableRange Of(IReadOnlyList<TableKey> keys, int first, int last) => new(
        keys[first], keys[last], [.. keys.Skip(first).Take(last - first + 1).Select(k => k.Schema).Distinct(StringComparer.Ordinal)]);
}

/// <summary>
/// The reads of a crawl from <c>system.information_schema</c> (SQL reference, "Information schema"), which shows a principal what it has privileges on.
/// Pages are cut by key, so that a statement's result stays small and another statement goes on behind it.
/// </summary>
internal static class InformationSchema
{
    /// <summary>The schema of that name in each catalog describes the catalog and is none of the user's.</summary>
    public const string Name = "information_schema";

    private const string Source = "system.information_schema";

    /// <summary>catalog, tag, value; of the whole metastore.</summary>
    public static string CatalogTags((string Catalog, string Tag)? after, int limit) =>
        $"SELECT catalog_name, tag_name, tag_value FROM {Source}.catalog_tags"
        + (after is { } key ? $" WHERE {Behind(("catalog_name", key.Catalog), ("tag_name", key.Tag))}" : "")
        + $" ORDER BY catalog_name, tag_name LIMIT {limit}";

    /// <summary>schema, tag, value.</summary>
    public static string SchemaTags(string catalog, (string Schema, string Tag)? after, int limit) =>
        $"SELECT schema_name, tag_name, tag_value FROM {Source}.schema_tags WHERE catalog_name = {Quote.Literal(catalog)}"
        + (after is { } key ? $" AND {Behind(("schema_name", key.Schema), ("tag_name", key.Tag))}" : "")
        + $" ORDER BY schema_name, tag_name LIMIT {limit}";

    /// <summary>schema, table, type, format, comment, when it was last altered.</summary>
    public static string Tables(string catalog, IEnumerable<string> schemas, TableKey? after, int limit) =>
        $"SELECT table_schema, table_name, table_type, data_source_format, comment, last_altered FROM {Source}.tables"
        + $" WHERE table_catalog = {Quote.Literal(catalog)} AND table_schema IN ({Listed(schemas)})"
        + (after is { } key ? $" AND {Behind(("table_schema", key.Schema), ("table_name", key.Table))}" : "")
        + $" ORDER BY table_schema, table_name LIMIT {limit}";

    /// <summary>One table, in the same columns.</summary>
    public static string Table(string catalog, TableKey key) =>
        $"SELECT table_schema, table_name, table_type, data_source_format, comment, last_altered FROM {Source}.tables"
        + $" WHERE table_catalog = {Quote.Literal(catalog)} AND table_schema = {Quote.Literal(key.Schema)} AND table_name = {Quote.Literal(key.Table)}";

    /// <summary>schema, table, position, column, type, comment; of <see cref="Between(TableRange)"/> or <see cref="Named"/> tables.</summary>
    public static string Columns(string catalog, string tables, (TableKey Table, string Position)? after, int limit) =>
        $"SELECT table_schema, table_name, ordinal_position, column_name, full_data_type, comment FROM {Source}.columns"
        + $" WHERE table_catalog = {Quote.Literal(catalog)} AND {tables}"
        + (after is { } at
            ? $" AND {Behind(("table_schema", at.Table.Schema), ("table_name", at.Table.Table), ("ordinal_position", at.Position))}"
            : "")
        + $" ORDER BY table_schema, table_name, ordinal_position LIMIT {limit}";

    /// <summary>schema, table, tag, value.</summary>
    public static string TableTags(string catalog, TableRange range, (TableKey Table, string Tag)? after, int limit) =>
        $"SELECT schema_name, table_name, tag_name, tag_value FROM {Source}.table_tags"
        + $" WHERE catalog_name = {Quote.Literal(catalog)} AND {Between("schema_name", range)}"
        + (after is { } at ? $" AND {Behind(("schema_name", at.Table.Schema), ("table_name", at.Table.Table), ("tag_name", at.Tag))}" : "")
        + $" ORDER BY schema_name, table_name, tag_name LIMIT {limit}";

    /// <summary>schema, table, column, tag, value.</summary>
    public static string ColumnTags(string catalog, TableRange range, (TableKey Table, string Column, string Tag)? after, int limit) =>
        $"SELECT schema_name, table_name, column_name, tag_name, tag_value FROM {Source}.column_tags"
        + $" WHERE catalog_name = {Quote.Literal(catalog)} AND {Between("schema_name", range)}"
        + (after is { } at
            ? $" AND {Behind(("schema_name", at.Table.Schema), ("table_name", at.Table.Table), ("column_name", at.Column), ("tag_name", at.Tag))}"
            : "")
        + $" ORDER BY schema_name, table_name, column_name, tag_name LIMIT {limit}";

    /// <summary>The condition that a row is of a table of a range.</summary>
    public static string Between(TableRange range) => Between("table_schema", range);

    /// <summary>The condition that a row is of one of some tables.</summary>
    public static string Named(IReadOnlyList<TableKey> tables)
    {
        var schemas = tables.GroupBy(t => t.Schema, StringComparer.Ordinal).Select(s => $"(table_schema = {Quote.Literal(s.Key)} AND table_name IN ({Listed(s.Select(t => t.Table))}))");
        return $"({string.Join(" OR ", schemas)})";
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(Quote.Literal));

    // From the first table on, up to the last. The schemas are named too: between two of them may stand others that nobody asked for, and as large as they like.
    private static string Between(string schema, TableRange range)
    {
        var (first, last) = (range.First, range.Last);
        if (first == last) return $"{schema} = {Quote.Literal(first.Schema)} AND table_name = {Quote.Literal(first.Table)}";
        if (first.Schema == last.Schema)
            return $"{schema} = {Quote.Literal(first.Schema)} AND table_name >= {Quote.Literal(first.Table)} AND table_name <= {Quote.Literal(last.Table)}";
        return $"{schema} IN ({Listed(range.Schemas)})"
            + $" AND ({schema} > {Quote.Literal(first.Schema)} OR ({schema} = {Quote.Literal(first.Schema)} AND table_name >= {Quote.Literal(first.Table)}))"
            + $" AND ({schema} < {Quote.Literal(last.Schema)} OR ({schema} = {Quote.Literal(last.Schema)} AND table_name <= {Quote.Literal(last.Table)}))";
    }

    private static string Behind(params (string Column, string Value)[] key) =>
        KeysetReading.Behind([.. key.Select(static k => (k.Column, k.Column == "ordinal_position" ? Number(k.Value) : Quote.Literal(k.Value)))]);

    private static string Number(string value) => $"{int.Parse(value)}";
}
