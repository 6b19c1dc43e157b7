using System.Text;

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

        -- #. What Sluice governed: the statement below for each catalog, with the catalog's name and the service principal's
        --    application id put in, and without the two hyphens.
        --    Who can run it: the catalog's owner, or a user with MANAGE on it.

        """;

    private const string DeleteHead = """
        -- Takes away what Sluice's setup script made in Databricks Unity Catalog, and what Sluice has done there since. Run it
        -- in the SQL editor or a notebook, from the top to the bottom, after the connection was deleted in Sluice. Running
        -- it again does no harm.

        """;

    private const string DeletePart = """

        -- #. The catalog of Sluice's own, with all that is in it. A table that still has a column mask or row filter from it
        --    could not be read any more if it were gone: it stays until those are off (ALTER TABLE … ALTER COLUMN … DROP MASK,
        --    ALTER TABLE … DROP ROW FILTER).
        --    Who can run it: the catalog's owner, who should have SELECT on what was governed: Databricks shows nobody the
        --    masks and filters of other tables.

        """;

    private const string SystemRevokePart = """

        -- #. System tables.
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

        -- The service principal of the former token is not known here. Unless it is the one that Sluice uses now, take away by
        -- hand what was granted to it on Sluice's catalog and on the system tables too.

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

        // Two tokens may be of two service principals: where one of both is not known, neither is that they are the same.
        var isAnother = from.Principal is null || from.Principal != to.Principal;
        var isMoved = from.Catalog != to.Catalog;
        if (!isAnother && !isMoved && from.IsAudited == to.IsAudited) return script.Append(NothingToDo).ToString();
        if (isAnother || isMoved) AppendOwn(script, to.Catalog, grantee);
        if (to.IsAudited && (isAnother || !from.IsAudited)) AppendSystem(script, grantee);
        if (from.IsAudited && !to.IsAudited && (!isAnother || from.Principal is null)) AppendSystemRevoked(script, grantee, 2);
        if (isAnother) AppendGoverned(script);
        if (isAnother) AppendFormer(script, from, to, grantee);
        if (isMoved) script.Append(FormerCatalog);
        return script.ToString();
    }

    /// <summary>The script that takes away what <see cref="Create"/> made.</summary>
    public string Delete(ScriptRequest request, StandingAccess standing)
    {
        var script = new StringBuilder(DeleteHead);
        var grantee = new Grantee(request.Principal);
        var parts = 0;
        if (standing.IsUnseen) script.Append(StandingPart.Unseen);
        if (standing.Facts.Count > 0)
        {
            script.Append(Numbered(StandingPart.Head, ++parts));
            Grantee.DeclareStatement(script);
            new StandingPart(request.Catalog).AppendRemoval(script, standing.Facts);
        }

        script.Append(Numbered(DeletePart, ++parts));
        Grantee.DeclareStatement(script);
        new MarkedCatalog(request.Catalog, mark).Drop(script);
        if (request.IsAudited) AppendSystemRevoked(script, grantee, ++parts);
        script.Append(Numbered(UngovernedPart, ++parts));
        script.Append($"-- REVOKE {string.Join(", ", DocumentedPrivileges.OnGoverned)} ON CATALOG `catalog` FROM `application-id`;\n");
        if (StandingPart.GroupsOf(standing.Facts) is { Count: > 0 } groups) StandingPart.AppendList(script.Append(Numbered(StandingPart.GroupsHead, ++parts)), "group_to_delete", groups);
        if (standing.Removed.Count > 0) StandingPart.AppendList(script.Append(Numbered(StandingPart.RemovedHead, ++parts)), "statement", StandingPart.StatementsOf(standing.Removed));
        return script.ToString();
    }

    private static string Numbered(string head, int number) => head.Replace("-- #.", $"-- {number}.", StringComparison.Ordinal);

    private void AppendOwn(StringBuilder script, string catalog, Grantee grantee)
    {
        var own = new MarkedCatalog(catalog, mark);
        script.Append(OwnPart);
        grantee.Declare(script, isComposed: true);
        own.Create(script);
        own.Run(script, grantee.Composed($"GRANT {string.Join(", ", DocumentedPrivileges.OnOwn)} ON {own.Securable} TO "));
    }

    // The former one may be the new one, where only a person knows that: then nothing is taken away.
    private void AppendFormer(StringBuilder script, ScriptRequest from, ScriptRequest to, Grantee grantee)
    {
        script.Append(FormerPart);
        if (from.Principal is not { } former)
        {
            script.Append(UnknownFormer);
            return;
        }

        if (from.Catalog == to.Catalog)
        {
            var own = new MarkedCatalog(from.Catalog, mark);
            grantee.Declare(script, isComposed: true);
            own.Run(script, grantee.ComposedOfFormer($"REVOKE {string.Join(", ", DocumentedPrivileges.OnOwn)} ON {own.Securable} FROM ", former));
        }

        if (!from.IsAudited) return;
        script.Append(FormerSystemPart);
        if (!to.IsAudited || to.Principal is not null)
        {
            RevokeSystem((privileges, securable) => new Grantee(former).Revoke(script, privileges, securable));
            return;
        }

        grantee.Declare(script);
        RevokeSystem((privileges, securable) => Grantee.Run(script, grantee.ComposedOfFormer($"REVOKE {privileges} ON {securable} FROM ", former)));
    }

    private static void AppendSystem(StringBuilder script, Grantee grantee)
    {
        script.Append(SystemPart);
        grantee.Declare(script);
        grantee.Grant(script, "USE CATALOG", "CATALOG system");
        foreach (var schema in DocumentedPrivileges.SystemSchemas) grantee.Grant(script, "USE SCHEMA", $"SCHEMA system.{schema}");
        foreach (var (schema, table) in DocumentedPrivileges.SystemTables) grantee.Grant(script, "SELECT", $"TABLE system.{schema}.{table}");
    }

    private static void AppendSystemRevoked(StringBuilder script, Grantee grantee, int number)
    {
        script.Append(Numbered(SystemRevokePart, number));
        grantee.Declare(script);
        RevokeSystem((privileges, securable) => grantee.Revoke(script, privileges, securable));
    }

    private static void RevokeSystem(Action<string, string> revoke)
    {
        foreach (var (schema, table) in DocumentedPrivileges.SystemTables) revoke("SELECT", $"TABLE system.{schema}.{table}");
        foreach (var schema in DocumentedPrivileges.SystemSchemas) revoke("USE SCHEMA", $"SCHEMA system.{schema}");
        revoke("USE CATALOG", "CATALOG system");
    }

    private static void AppendGoverned(StringBuilder script)
    {
        script.Append(GovernedPart);
        script.Append($"-- GRANT {string.Join(", ", DocumentedPrivileges.OnGoverned)} ON CATALOG `catalog` TO `application-id`;\n");
    }
}
