namespace Sluice.Platforms.Databricks.Sql;

/// <summary>
/// A relation of the information schema that says where functions mask columns or filter rows. Its page names its columns (catalog_name, mask_catalog, …:
/// https://docs.databricks.com/aws/en/sql/language-manual/information-schema/column_masks) otherwise than Databricks' own dbt adapter reads them on workspaces (table_catalog, mask_name as a whole
/// name, …: https://github.com/databricks/dbt-databricks, macros/relations/components), and no statement can name a column that isn't there. So a row is read as JSON, and its fields by either name.
/// </summary>
internal sealed class GuardRelation
{
    /// <summary>The function, as <c>catalog.schema.function</c>; otherwise where the relation names it in a way that is not known.</summary>
    public const string Function = "function_name";

    /// <summary>What the function is given beside a masked column: columns and constants, separated by commas.</summary>
    public const string Given = "given";

    /// <summary>The condition that a row's function is named in a way that is not known, so that it may be anybody's.</summary>
    public const string IsUnknown = $"{Function} NOT LIKE '%.%.%'";

    private static readonly string[] Table = ["table_catalog", "table_schema", "table_name"];

    private readonly string[] _rows;

    private GuardRelation(string name, string[] key, string what, string given, string documentedGiven)
    {
        (Name, Key) = ($"system.information_schema.{name}", key);
        string[] fields = [.. key, "catalog_name", "schema_name", $"{what}_catalog", $"{what}_schema", $"{what}_name", given, documentedGiven];
        string[] named = ["coalesce(r.table_catalog, r.catalog_name) AS table_catalog", "coalesce(r.table_schema, r.schema_name) AS table_schema", .. key[2..].Select(static k => $"r.{k} AS {k}")];
        var function = $"replace(concat_ws('.', r.{what}_catalog, r.{what}_schema, r.{what}_name), '`', '') AS {Function}";
        _rows =
        [
            $"(SELECT {string.Join(", ", named)},",
            $"{function}, coalesce(r.{given}, r.{documentedGiven}) AS {Given}",
            $"FROM (SELECT from_json(to_json(struct(*)), {Quote.Literal(string.Join(", ", fields.Select(static f => $"{f} STRING")))}) AS r",
            $"FROM {Name}))",
        ];
    }

    /// <summary>Where columns are masked.</summary>
    public static GuardRelation Masks { get; } = new("column_masks", [.. Table, "column_name"], "mask", "using_columns", "mask_col_usage");

    /// <summary>Where rows are filtered.</summary>
    public static GuardRelation Filters { get; } = new("row_filters", Table, "filter", "target_columns", "filter_col_usage");

    /// <summary>Its full name.</summary>
    public string Name { get; }

    /// <summary>The columns that tell its rows apart.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>The rows, with the columns of <see cref="Key"/>, <see cref="Function"/> and <see cref="Given"/>, as FROM takes them.</summary>
    public override string ToString() => string.Join(' ', _rows);

    /// <summary>The same in lines, for a script that people read.</summary>
    public string InLines => string.Join("\n      ", _rows);

    /// <summary>The condition that a row's function is of a catalog, or of a schema in it.</summary>
    public static string IsOf(params ReadOnlySpan<string> container) => $"startswith(lower({Function}), {Quote.Literal($"{string.Join('.', container)}.".ToLowerInvariant())})";

    /// <summary>The columns and constants of <see cref="Given"/>; a name with a comma in it is quoted.</summary>
    public static IReadOnlyList<string> Listed(string? given)
    {
        var listed = new List<string>();
        for (var rest = given?.Trim() ?? ""; rest.Length > 0;)
        {
            var isQuoted = rest[0] is '"' or '`' && rest.IndexOf(rest[0], 1) > 0;
            var end = isQuoted ? rest.IndexOf(rest[0], 1) : rest.IndexOf(',', StringComparison.Ordinal);
            listed.Add(isQuoted ? rest[1..end] : (end < 0 ? rest : rest[..end]).Trim());
            var comma = end < 0 ? -1 : rest.IndexOf(',', end);
            rest = comma < 0 ? "" : rest[(comma + 1)..].Trim();
        }

        return listed;
    }
}
