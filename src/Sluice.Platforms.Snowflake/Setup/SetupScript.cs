using System.Text;
using Sluice.Platforms.Snowflake.Connections;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>
/// Writes the script that makes Sluice's database, role and user. Run twice it does the same as once. Names stand in it only quoted, never in a comment;
/// no secret is in it. What is granted is granted to a role that carries this instance's mark, or to none.
/// </summary>
internal sealed class SetupScript(OwnedObjects owned)
{
    private const string Head = """
        -- Sets Snowflake up for Sluice: a database, a role and a user of its own.
        --
        -- Who can run it: a role with these privileges on the account, each WITH GRANT OPTION:
        --   CREATE DATABASE, CREATE ROLE, CREATE USER, MANAGE GRANTS, APPLY MASKING POLICY, APPLY ROW ACCESS POLICY
        -- and with USAGE on the warehouse, by which the script looks at whose the database and the role are.
        -- What needs more stands in a last section of its own, if there is one.
        --
        -- How: all of it in a worksheet, or: snow sql --enable-templating NONE -f setup.sql
        -- Both stop at the first error; with snowsql add -o exit_on_error=true. An error that begins with "Numeric value 'STOP:"
        -- says that a database or a role of that name is there already and is not this Sluice's: name another database.
        -- Run it again with the same role: what is there stays as it is, and what is missing is made.

        """;

    private const string EditHead = """
        -- Changes what Sluice's setup script made: what the new configuration needs is made and granted, and what it no
        -- longer needs is taken back in the end.
        --
        -- Who can run it: the role that ran the setup script, or one with the same privileges that owns what it made.
        -- It needs USAGE on the warehouse. Run it so that it stops at the first error, as a worksheet does, and
        -- snow sql --enable-templating NONE -f edit.sql
        -- Then PUT the new configuration to /data/connection.

        """;

    private const string Variable = """

        -- >>> CHANGE THIS LINE: the user to whom your External OAuth integration maps the token of Sluice's client.
        -- >>> Written as in SQL: in double quotes where the name needs them.
        SET sluice_user = 'CHANGE_ME';

        """;

    private const string AccountAdmin = """

        -- ---------------------------------------------------------------------------------------------------------
        -- As ACCOUNTADMIN: audit, lineage and tags are read from the account's own views.
        -- ---------------------------------------------------------------------------------------------------------
        SET sluice_runner = (SELECT '"' || REPLACE(CURRENT_ROLE(), '"', '""') || '"');
        USE ROLE ACCOUNTADMIN;

        """;

    private const string Revocations = """

        -- ---------------------------------------------------------------------------------------------------------
        -- What is no longer needed. Where the warehouse or the user is gone already, its statement fails: skip it.
        -- ---------------------------------------------------------------------------------------------------------

        """;

    private const string NoAccountAdmin = """

        -- Left out, because audit and lineage are off: the account's own views. Without them neither tags are read, nor what
        -- is granted straight to users. Whoever wants those grants the database roles SNOWFLAKE.GOVERNANCE_VIEWER and
        -- SNOWFLAKE.SECURITY_VIEWER to the system role, as ACCOUNTADMIN.

        """;

    private static readonly string Role = OwnedKind.Role.Reference;

    /// <summary>The script.</summary>
    public string Write(ScriptRequest request)
    {
        var script = new StringBuilder(Head);
        if (request.User is null) script.Append(Variable);
        AppendOwned(script, request);
        AppendBody(script, request);
        if (request.NeedsAccountUsage) AppendViews(script, request, isGranted: true);
        else script.Append(NoAccountAdmin);
        return script.ToString();
    }

    /// <summary>The script that leads from what is set up to what is asked for. The database is the same.</summary>
    public string WriteEdit(ScriptRequest stored, ScriptRequest request)
    {
        var script = new StringBuilder(EditHead);
        if (request.User is null) script.Append(Variable);
        AppendOwned(script, request);
        AppendBody(script, request);
        if (request.NeedsAccountUsage != stored.NeedsAccountUsage) AppendViews(script, request, request.NeedsAccountUsage);
        AppendRevocations(script, stored, request);
        return script.ToString();
    }

    // Somebody else may run this part, in a session of their own: it looks for itself whose the role is.
    private void AppendViews(StringBuilder script, ScriptRequest request, bool isGranted)
    {
        script.Append(AccountAdmin).Append($"USE WAREHOUSE {request.Warehouse.Quoted};\n");
        owned.AppendGuard(script, OwnedKind.Role, request.Settings.SystemRole);
        script.Append(isGranted
            ? $"GRANT DATABASE ROLE {SystemPrivileges.ViewsRole} TO ROLE {Role};\nGRANT DATABASE ROLE {SystemPrivileges.GrantsRole} TO ROLE {Role};\n"
            : $"REVOKE DATABASE ROLE {SystemPrivileges.ViewsRole} FROM ROLE {Role};\nREVOKE DATABASE ROLE {SystemPrivileges.GrantsRole} FROM ROLE {Role};\n");

        // A script that is run again in the same session must not make things that ACCOUNTADMIN owns.
        script.Append("\n-- Back to the role that has run this.\nUSE ROLE IDENTIFIER($sluice_runner);\n");
    }

    private void AppendOwned(StringBuilder script, ScriptRequest request)
    {
        script.Append($"\nUSE WAREHOUSE {request.Warehouse.Quoted};\n");
        script.Append("\n-- The database: Sluice's tables, the policies, and the functions that they ask. Another's of this name ends the script.\n");
        script.Append($"CREATE DATABASE IF NOT EXISTS {request.Settings.DatabaseName.Quoted} COMMENT = {owned.Comment};\n");
        owned.AppendGuard(script, OwnedKind.Database, request.Settings.DatabaseName);
        script.Append("\n-- The system role, by which Sluice enforces policies. Another's of this name ends the script before anything is granted.\n");
        script.Append($"CREATE ROLE IF NOT EXISTS {request.Settings.SystemRole.Quoted} COMMENT = {owned.Comment};\n");
        owned.AppendGuard(script, OwnedKind.Role, request.Settings.SystemRole);
    }

    // First what comes, then what goes: a statement that fails for what is gone already keeps nothing from being granted.
    private static void AppendRevocations(StringBuilder script, ScriptRequest stored, ScriptRequest request)
    {
        if (stored.User is null && request.User is not null)
            script.Append("\n-- The user of the External OAuth client keeps the role, for the configuration does not name it: revoke it yourself.\n");
        var isOther = stored.User is not null && stored.User != request.User;
        var isElsewhere = stored.Warehouse != request.Warehouse;
        if (isOther || isElsewhere) script.Append(Revocations);
        if (isElsewhere) script.Append($"REVOKE USAGE ON WAREHOUSE {stored.Warehouse.Quoted} FROM ROLE {Role};\n");
        if (!isOther) return;
        script.Append("-- The user itself stays: drop it yourself when nothing else uses it.\n");
        script.Append($"REVOKE ROLE {Role} FROM USER {stored.User!.Quoted};\n");
        if (request.User is not null) return;
        script.Append("-- The variable at the top may name the same user.\n");
        script.Append($"GRANT ROLE {Role} TO USER IDENTIFIER($sluice_user);\n");
    }

    private void AppendBody(StringBuilder script, ScriptRequest request)
    {
        script.Append("\n-- The parts of the database.\n");
        foreach (var (name, variable) in DatabaseLayout.Schemas)
        {
            OwnedObjects.AppendPart(script, variable, OwnedKind.Database.Variable, name);
            script.Append($"CREATE SCHEMA IF NOT EXISTS IDENTIFIER(${variable}) COMMENT = {owned.Comment};\n");
        }

        script.Append("\n-- What the system role may do in it.\n");
        script.Append($"GRANT USAGE ON WAREHOUSE {request.Warehouse.Quoted} TO ROLE {Role};\n");
        script.Append($"GRANT USAGE ON DATABASE {OwnedKind.Database.Reference} TO ROLE {Role};\n");
        foreach (var (name, variable) in DatabaseLayout.Schemas)
            script.Append($"GRANT {string.Join(", ", SystemPrivileges.OnSchema(name))} ON SCHEMA IDENTIFIER(${variable}) TO ROLE {Role};\n");
        script.Append("\n-- What it may do in the account: make the roles of audiences and grant to them, set masks and row rules.\n");
        foreach (var privilege in SystemPrivileges.OnAccount) script.Append($"GRANT {privilege} ON ACCOUNT TO ROLE {Role};\n");

        AppendUser(script, request);
    }

    private void AppendUser(StringBuilder script, ScriptRequest request)
    {
        if (request.User is not { } user)
        {
            script.Append("\n-- The user that the variable at the top names. It also needs the role that you register as connection.role.\n");
            script.Append($"GRANT ROLE {Role} TO USER IDENTIFIER($sluice_user);\n");
            return;
        }

        script.Append("\n-- The user. One that is there already stays as it is. It also needs the role that you register as connection.role.\n");
        if (request.AuthenticationType == AuthenticationTypes.KeyPair)
        {
            script.Append($"CREATE USER IF NOT EXISTS {user.Quoted} TYPE = SERVICE COMMENT = {owned.Comment};\n");
            script.Append("-- Its public key, without the lines that begin with dashes:\n");
            script.Append("--   ALTER USER … SET RSA_PUBLIC_KEY = 'MIIBIjANBgkqh…';\n");
        }
        else
        {
            script.Append($"CREATE USER IF NOT EXISTS {user.Quoted} COMMENT = {owned.Comment};\n");
            script.Append("-- Its password, as long as your account takes one of a user without a second factor:\n");
            script.Append("--   ALTER USER … SET PASSWORD = '…';\n");
            script.Append("-- Else a programmatic access token, which you register in the password's place. It is of Sluice's role, so run this script\n");
            script.Append("-- first; and a network policy has to be in force for the user that lets in where Sluice runs:\n");
            script.Append("--   ALTER USER … SET TYPE = SERVICE;\n");
            script.Append("--   ALTER USER … ADD PROGRAMMATIC ACCESS TOKEN SLUICE ROLE_RESTRICTION = '…';\n");
        }

        script.Append($"GRANT ROLE {Role} TO USER {user.Quoted};\n");
    }
}
