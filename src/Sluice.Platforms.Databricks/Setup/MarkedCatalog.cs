using System.Text;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Setup;

/// <summary>
/// Writes what a script does with the catalog of Sluice's own. A runner may go on after a guard that failed, and a person may run one statement alone: so
/// each statement is made from the catalog's own row, and without this instance's mark there is none to run.
/// </summary>
/// <param name="catalog">Its name as Unity Catalog keeps it.</param>
/// <param name="mark">This instance's.</param>
internal sealed class MarkedCatalog(string catalog, InstanceMark mark)
{
    private const string Guard = """

        -- Ends the script where the catalog is not this Sluice instance's: two instances must not share one. The statements behind
        -- it are put together from the catalog's mark, so that none of them does anything to another's catalog.

        """;

    private const string DeleteGuard = """

        -- Ends the script where the catalog is not this Sluice instance's, or where tables still have masks or row filters from
        -- it: the second answer names them. The statement behind it is put together from the catalog's mark and from what is
        -- attached, so that it does nothing to another's catalog, or to one that is still needed.

        """;

    private readonly string _name = Quote.Identifier(catalog);
    private readonly string _isOurs = $"comment = {Quote.Literal(mark.Comment)}";
    private readonly string _row = $"FROM system.information_schema.catalogs WHERE catalog_name = {Quote.Literal(catalog)}";

    // What is named in a way that is not known may be ours: the catalog stays.
    private string MayBeOurs => $"{GuardRelation.IsOf(catalog)} OR {GuardRelation.IsUnknown}";

    /// <summary>As GRANT names it.</summary>
    public string Securable => $"CATALOG {_name}";

    /// <summary>Makes it with its schemas, where it is not there.</summary>
    public void Create(StringBuilder script)
    {
        script.Append($"CREATE CATALOG IF NOT EXISTS {_name} COMMENT {Quote.Literal(mark.Comment)};\n");
        script.Append(Guard);
        script.Append("SELECT assert_true(count(*) = 1, 'The catalog exists and is not this Sluice instance\\'s: name another one')\n");
        script.Append($"  {_row} AND {_isOurs};\n\n");
        foreach (var schema in DocumentedPrivileges.OwnSchemas) Run(script, Quote.Literal($"CREATE SCHEMA IF NOT EXISTS {_name}.{Quote.Identifier(schema)}"));
    }

    /// <summary>Runs what an expression makes, on this instance's catalog alone.</summary>
    public void Run(StringBuilder script, string expression) => Grantee.Run(script, $"(SELECT {expression}\n  {_row} AND {_isOurs})");

    /// <summary>Drops it with all that is in it; where there is none, nothing is done.</summary>
    public void Drop(StringBuilder script)
    {
        script.Append(DeleteGuard);
        script.Append("SELECT assert_true(count(*) = 0, 'The catalog is not this Sluice instance\\'s: it is left as it is')\n");
        script.Append($"  {_row} AND (comment IS NULL OR NOT {_isOurs});\n\n");
        var attached = $"(\n    SELECT table_catalog, table_schema, table_name, column_name AS masked_column FROM {GuardRelation.Masks.InLines}\n      WHERE {MayBeOurs}\n"
            + $"    UNION ALL SELECT table_catalog, table_schema, table_name, NULL FROM {GuardRelation.Filters.InLines}\n      WHERE {MayBeOurs})";
        script.Append($"SELECT * FROM {attached};\n");
        script.Append($"SELECT assert_true(count(*) = 0, 'Tables still have masks or row filters from the catalog: it stays as it is') FROM {attached};\n\n");
        var drop = Quote.Literal($"DROP CATALOG IF EXISTS {_name} CASCADE");
        Grantee.Run(script, $"(SELECT CASE WHEN count(*) = 0 THEN {Grantee.Nothing} ELSE max(CASE WHEN {_isOurs} AND (SELECT count(*) FROM {attached}) = 0 THEN {drop} END) END\n  {_row})");
    }
}
