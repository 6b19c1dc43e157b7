using System.Text;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Setup;

/// <summary>
/// Writes what takes away the grants, masks and row filters of a connection. Unity Catalog has no mark on a grant, so the script names each; what has gone since is passed over, for every
/// statement is put together from what the metastore has when it runs.
/// </summary>
/// <param name="catalog">The catalog of Sluice's own, as Unity Catalog keeps it.</param>
internal sealed class StandingPart(string catalog)
{
    /// <summary>Above the removal.</summary>
    public const string Head = """

        -- #. What Sluice has granted, and then what masks and filters by functions of its catalog. What is gone already is
        --    passed over.
        --    Who can run it: the owner of the catalogs, of several each for their own. Others, with MANAGE or without, are not
        --    shown all grants, and what is not shown stays.

        """;

    /// <summary>In the script's head, where Databricks did not tell what is masked and filtered.</summary>
    public const string Unseen = """

        -- Databricks could not be asked just now what Sluice's functions mask and filter. Masks and row filters that Sluice has
        -- left on renamed columns and moved tables are not named below: have the script written again when it can be asked.

        """;

    /// <summary>Above the list of groups.</summary>
    public const string GroupsHead = """

        -- #. The account groups that Sluice made. No SQL deletes them: do it in the account console.

        """;

    /// <summary>Above the list of grants of others.</summary>
    public const string RemovedHead = """

        -- #. Grants that Sluice took from people, as statements: run those that they shall have back.

        """;

    /// <summary>Takes away what is in force: who reads loses it before anything shows more.</summary>
    public void AppendRemoval(StringBuilder script, IReadOnlyList<FactKey> facts)
    {
        var grants = facts.Where(static f => f is { Kind: FactKind.Grant, Object: not null }).GroupBy(static f => (On: f.Object!, f.Subject));
        foreach (var grant in grants.OrderByDescending(static g => g.Key.On.Depth).ThenBy(static g => g.Key.On.ToString(), StringComparer.Ordinal).ThenBy(static g => g.Key.Subject, StringComparer.Ordinal))
            AppendRevoke(script, grant.Key.On, grant.Key.Subject, [.. grant.Select(static f => Privileges.OfDetail(f.Detail)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        foreach (var fact in facts.Where(static f => f is { Kind: FactKind.Mask or FactKind.RowRule, Object: not null }).OrderBy(static f => f.Object!.ToString(), StringComparer.Ordinal).ThenBy(static f => f.Subject, StringComparer.Ordinal))
            AppendDetach(script, fact);
    }

    /// <summary>The account groups among what is in force.</summary>
    public static IReadOnlyList<string> GroupsOf(IReadOnlyList<FactKey> facts) => [.. facts.Where(static f => f.Kind == FactKind.Audience).Select(static f => f.Subject).Order(StringComparer.Ordinal)];

    /// <summary>What puts grants back.</summary>
    public static IReadOnlyList<string> StatementsOf(IReadOnlyList<TakenGrant> removed) =>
        [.. removed.Select(static r => $"GRANT {Privileges.InWords(r.Key.Detail)} ON {Securable(r.Key.Object!)} TO {Quote.Identifier(r.Key.Subject)}").Order(StringComparer.Ordinal)];

    /// <summary>Answers with a list: what names something stands in no comment.</summary>
    public static void AppendList(StringBuilder script, string column, IReadOnlyList<string> lines) =>
        script.Append($"SELECT {column} FROM VALUES\n  {string.Join(",\n  ", lines.Select(static l => $"({Quote.Literal(l)})"))}\n  AS listed({column});\n");

    private static void AppendRevoke(StringBuilder script, ObjectPath on, string grantee, IReadOnlyList<string> privileges)
    {
        var (relation, columns) = on.Depth switch
        {
            Places.Catalog => ("catalog_privileges", (string[])["catalog_name"]),
            Places.Schema => ("schema_privileges", ["catalog_name", "schema_name"]),
            _ => ("table_privileges", ["table_catalog", "table_schema", "table_name"]),
        };
        // Whoever is named is spelled as Unity Catalog spells them.
        var statement = $"REVOKE {string.Join(", ", privileges.Select(Privileges.InWords))} ON {Securable(on)} FROM `";
        Grantee.Run(script, $"(SELECT CASE WHEN count(*) = 0 THEN {Grantee.Nothing} ELSE {Quote.Literal(statement)} || replace(max(grantee), '`', '``') || '`' END\n"
            + $"  FROM system.information_schema.{relation} WHERE {Named(columns, on)} AND lower(grantee) = lower({Quote.Literal(grantee)}) AND inherited_from = 'NONE'"
            + $" AND privilege_type IN ({string.Join(", ", privileges.Select(Quote.Literal))}))");
    }

    private void AppendDetach(StringBuilder script, FactKey fact)
    {
        var isMask = fact.Kind == FactKind.Mask;
        var (relation, does) = isMask ? (GuardRelation.Masks, $"ALTER COLUMN {Quote.Identifier(fact.Subject)} DROP MASK") : (GuardRelation.Filters, "DROP ROW FILTER");
        var column = isMask ? $" AND a.column_name = {Quote.Literal(fact.Subject)}" : "";
        Grantee.Run(script, $"(SELECT CASE WHEN count(*) = 0 THEN {Grantee.Nothing} ELSE {Quote.Literal("ALTER ")}"
            + " || max(CASE t.table_type WHEN 'MATERIALIZED_VIEW' THEN 'MATERIALIZED VIEW' WHEN 'STREAMING_TABLE' THEN 'STREAMING TABLE' ELSE 'TABLE' END)"
            + $" || {Quote.Literal($" {Name(fact.Object!)} {does}")} END\n"
            + $"  FROM {relation.InLines} a\n"
            + "  JOIN system.information_schema.tables t ON t.table_catalog = a.table_catalog AND t.table_schema = a.table_schema AND t.table_name = a.table_name\n"
            + $"  WHERE {Named(["a.table_catalog", "a.table_schema", "a.table_name"], fact.Object!)}{column} AND {GuardRelation.IsOf(catalog)})");
    }

    private static string Named(IEnumerable<string> columns, ObjectPath path) => string.Join(" AND ", columns.Zip(path.Names.Skip(1), static (c, n) => $"{c} = {Quote.Literal(n)}"));

    private static string Securable(ObjectPath path) => $"{Places.SecurableOf(path).Type.ToUpperInvariant()} {Name(path)}";

    private static string Name(ObjectPath path) => string.Join('.', path.Names.Skip(1).Select(Quote.Identifier));
}
