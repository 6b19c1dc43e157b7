using System.Text;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Setup;

/// <summary>
/// Writes the SQL scripts that a person runs in Databricks' SQL editor or a notebook. Run twice they do the same as once. Names stand in them only
/// quoted, and never in a comment.
/// </summary>
/// <param name="mark">This instance's.</param>
internal sealed class SetupScript(InstanceMark mark)
{
    private const string Head = """
        -- Sets up Sluice in Databricks Unity Catalog. Run it in the SQL editor or a notebook, part by part from the
        -- top to the bottom; each part says who can run it. Running it again changes nothing.

        """;

    private const string OwnPart = """

        -- 1. The catalog of Sluice's own, for what it keeps to enforce policies. Nobody but its service principal should be
        --    granted anything on it.
        --    Who can run it: a user with CREATE CATALOG on the metastore. If the metastore has no storage of its own, add
        --    MANAGED LOCATION '<url>' behind the catalog's name.

        """;

    private const string Guard = """

        -- Ends the script where the catalog is not this Sluice instance's: two instances must not share one.

        """;

    private const string SystemPart = """

        -- 2. System tables, for query audit.
        --    Who can run it: a user who is both a metastore admin and an account admin. The schemas access and query must be
        --    enabled on the metastore.

        """;

    private const string GovernedPart = """

        -- 3. What Sluice is to govern: the statement below for each catalog, with the catalog's name and the service
        --    principal's application id put in, and without the two hyphens. It holds for all schemas and tables of the
        --    catalog; to govern less, grant USE SCHEMA, MODIFY and SELECT on single schemas or tables instead. MODIFY is of no
        --    use on materialized views and need not be granted there.
        --    Who can run it: the catalog's owner, or a user with MANAGE on it.

        """;

    private const string UngovernedPart = """

        -- 3. What Sluice governed: the statement below for each catalog, with the catalog's name and the service principal's
        --    application id put in, and without the two hyphens.
        --    Who can run it: the catalog's owner, or a user with MANAGE on it.

        """;

    private const string DeleteHead = """
        -- Takes away what Sluice's setup script made in Databricks Unity Catalog, and what Sluice has kept there since. Run it
        -- in the SQL editor or a notebook, from the top to the bottom, after the connection was deleted in Sluice. Running
        -- it again does no harm.

        """;

    private const string DeletePart = """

        -- 1. The catalog of Sluice's own, with all that is in it. A table that still has a column mask or row filter from it
        --    can't be read any more when it is gone: take those off first (ALTER TABLE … ALTER COLUMN … DROP MASK, ALTER
        --    TABLE … DROP ROW FILTER).
        --    Who can run it: the catalog's owner.

        """;

    private const string DeleteGuard = """

        -- Ends the script where the catalog is not this Sluice instance's.

        """;

    private const string SystemRevokePart = """

        -- 2. System tables.
        --    Who can run it: a user who is both a metastore admin and an account admin.

        """;

    private const string EditHead = """
        -- Changes what Sluice's setup script made in Databricks Unity Catalog. Run it in the SQL editor or a notebook, from the
        -- top to the bottom; each part says who can run it. Running it again changes nothing. Then update the connection.

        """;

    private const string NothingToDo = "\n-- Nothing has to be changed in Databricks.\n";

    private const string FormerPart = """

        -- 4. The service principal that Sluice used before. Run this part when the connection was updated and works, not
        --    earlier. On the governed catalogs, take away by hand what was granted to it.
        --    Who can run it: the owner of Sluice's catalog.

        """;

    private const string FormerSystemPart = """

        -- 5. The same on the system tables, not earlier either.
        --    Who can run it: a user who is both a metastore admin and an account admin.

        """;

    private const string FormerCatalog = """

        -- The catalog that Sluice used before is left as it is, because tables may still be protected by functions in it. When
        -- Sluice has applied all its policies anew, the script of POST /integrations/scripts/cleanup for the former
        -- configuration takes it away.

        """;

    private const string UnknownFormer = """

        -- The service principal of the former token is not known here: take away by hand what was granted to it on Sluice's
        -- catalog and on the system tables too.

        """;

    /// <summary>The script of a new integration.</summary>
    public string Create(ScriptRequest request)
    {
        var script = new StringBuilder(Head);
        var grantee = new Grantee(request.Principal);
        AppendOwn(script, request.Catalog, grantee);
        if (request.IsAudited) AppendSystem(script, grantee);
        AppendGoverned(script);
        return script.ToString();
    }

    /// <summary>The script from one integration to another.</summary>
    public string Edit(ScriptRequest from, ScriptRequest to)
    {
        var script = new StringBuilder(EditHead);
        var grantee = new Grantee(to.Principal);
        var isAnother = from.Principal != to.Principal;
        var isMoved = from.Catalog != to.Catalog;
        if (!isAnother && !isMoved && from.IsAudited == to.IsAudited) return script.Append(NothingToDo).ToString();
        if (isAnother || isMoved) AppendOwn(script, to.Catalog, grantee);
        if (to.IsAudited && (isAnother || !from.IsAudited)) AppendSystem(script, grantee);
        if (!isAnother && !to.IsAudited && from.IsAudited) AppendSystemRevoked(script, grantee);
        if (isAnother) AppendGoverned(script);
        if (isAnother) AppendFormer(script, from, isMoved);
        if (isMoved) script.Append(FormerCatalog);
        return script.ToString();
    }

    /// <summary>The script that takes away what <see cref="Create"/> made.</summary>
    public string Delete(ScriptRequest request)
    {
        var script = new StringBuilder(DeleteHead);
        var grantee = new Grantee(request.Principal);
        script.Append(DeletePart);
        AppendDropped(script, request.Catalog);
        if (request.IsAudited) AppendSystemRevoked(script, grantee);
        script.Append(UngovernedPart);
        script.Append($"-- REVOKE {string.Join(", ", DocumentedPrivileges.OnGoverned)} ON CATALOG `catalog` FROM `application-id`;\n");
        return script.ToString();
    }

    private void AppendOwn(StringBuilder script, string catalog, Grantee grantee)
    {
        var name = Quote.Identifier(catalog);
        script.Append(OwnPart);
        grantee.Declare(script);
        script.Append($"CREATE CATALOG IF NOT EXISTS {name} COMMENT {Quote.Literal(mark.Comment)};\n");
        script.Append(Guard);
        script.Append("SELECT assert_true(count(*) = 1, 'The catalog exists and is not this Sluice instance\\'s: name another one')\n");
        script.Append($"  FROM system.information_schema.catalogs WHERE catalog_name = {Quote.Literal(catalog)} AND comment = {Quote.Literal(mark.Comment)};\n\n");
        foreach (var schema in DocumentedPrivileges.OwnSchemas) script.Append($"CREATE SCHEMA IF NOT EXISTS {name}.{Quote.Identifier(schema)};\n");
        grantee.Grant(script, string.Join(", ", DocumentedPrivileges.OnOwn), $"CATALOG {name}");
    }

    private static void AppendFormer(StringBuilder script, ScriptRequest from, bool isMoved)
    {
        script.Append(FormerPart);
        if (from.Principal is null)
        {
            script.Append(UnknownFormer);
            return;
        }

        var former = new Grantee(from.Principal);
        if (!isMoved) former.Revoke(script, string.Join(", ", DocumentedPrivileges.OnOwn), $"CATALOG {Quote.Identifier(from.Catalog)}");
        if (from.IsAudited) AppendSystemRevoked(script, former, FormerSystemPart);
    }

    private static void AppendSystem(StringBuilder script, Grantee grantee)
    {
        script.Append(SystemPart);
        grantee.Declare(script);
        grantee.Grant(script, "USE CATALOG", "CATALOG system");
        foreach (var schema in DocumentedPrivileges.SystemSchemas) grantee.Grant(script, "USE SCHEMA", $"SCHEMA system.{schema}");
        foreach (var (schema, table) in DocumentedPrivileges.SystemTables) grantee.Grant(script, "SELECT", $"TABLE system.{schema}.{table}");
    }

    private static void AppendSystemRevoked(StringBuilder script, Grantee grantee, string heading = SystemRevokePart)
    {
        script.Append(heading);
        grantee.Declare(script);
        foreach (var (schema, table) in DocumentedPrivileges.SystemTables) grantee.Revoke(script, "SELECT", $"TABLE system.{schema}.{table}");
        foreach (var schema in DocumentedPrivileges.SystemSchemas) grantee.Revoke(script, "USE SCHEMA", $"SCHEMA system.{schema}");
        grantee.Revoke(script, "USE CATALOG", "CATALOG system");
    }

    private static void AppendGoverned(StringBuilder script)
    {
        script.Append(GovernedPart);
        script.Append($"-- GRANT {string.Join(", ", DocumentedPrivileges.OnGoverned)} ON CATALOG `catalog` TO `application-id`;\n");
    }

    private void AppendDropped(StringBuilder script, string catalog)
    {
        script.Append(DeleteGuard);
        script.Append("SELECT assert_true(count(*) = 0, 'The catalog is not this Sluice instance\\'s: it is left as it is')\n");
        script.Append($"  FROM system.information_schema.catalogs WHERE catalog_name = {Quote.Literal(catalog)} AND (comment IS NULL OR comment <> {Quote.Literal(mark.Comment)});\n");
        script.Append($"DROP CATALOG IF EXISTS {Quote.Identifier(catalog)} CASCADE;\n");
    }
}
