using System.Text;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Setup;

/// <summary>
/// Writes the psql script that makes the service account. Run twice it does the same as once. Names stand in it only quoted, never in a
/// comment or a psql command: what psql commands need they take from variables that SQL set.
/// </summary>
internal static class SetupScript
{
    private const string Head = """
        -- Makes the PostgreSQL account by which Sluice crawls and grants.
        --
        --   psql -X -h HOST -U ADMINISTRATOR -d postgres -f setup.sql
        --
        -- Who can run it: a superuser; on a managed service its administrator role. It asks for the account's new
        -- password twice; the password is nowhere in this script. To run it again and keep the password, add
        -- -v keep_password=1. Running it again changes nothing else.
        --
        -- What the account gets: LOGIN and CREATEROLE (it makes one NOLOGIN role per audience), CONNECT and CREATE on
        -- the databases, a schema named sluice in each, and membership of the roles that own tables, because in
        -- PostgreSQL only an owner can grant on a table. CONNECT, and USAGE on the schemas that are there, it gets with
        -- the grant option: whoever may read a table has to reach it. It is no superuser and has no BYPASSRLS.
        \set ON_ERROR_STOP on
        \set QUIET on
        SET client_encoding = 'UTF8';

        """;

    private const string Version =
        "SELECT pg_catalog.current_setting('server_version_num')::int >= 160000 AS membership_has_options \\gset\n";

    private const string Password = """

        -- The password: typed by you, sent as a hash.
        \if :{?keep_password}
        \else
        \password :"sluice_account"
        \endif

        """;

    /// <summary>The script.</summary>
    public static string Write(SetupRequest request)
    {
        var script = new StringBuilder(Head);
        var account = Quote.Identifier(request.Username);
        var accountText = Quote.Literal(request.Username);

        script.Append($"\n-- The account.\nSELECT {accountText} AS sluice_account \\gset\n");
        script.Append($"SELECT {Quote.Literal($"CREATE ROLE {account}")}\n");
        script.Append($" WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {accountText}) \\gexec\n");
        script.Append($"ALTER ROLE {account} LOGIN CREATEROLE;\n");
        script.Append(Password);

        if (request.Owners.Count > 0)
        {
            script.Append("\n-- Membership of the owners of tables. A superuser is left out: its members could become superusers. Give\n");
            script.Append("-- tables that a superuser owns another owner first.\n");
            script.Append(Version);
            foreach (var owner in request.Owners) AppendMembership(script, owner, account);
            script.Append("SELECT rolname AS \"not granted, because it is a superuser\" FROM pg_catalog.pg_roles\n");
            script.Append(" WHERE rolsuper AND rolname IN (");
            script.AppendJoin(", ", request.Owners.Select(Quote.Literal));
            script.Append(");\n");
        }

        foreach (var database in request.Databases) AppendDatabase(script, database, account);
        return script.ToString();
    }

    private static void AppendMembership(StringBuilder script, string owner, string account)
    {
        var grant = $"GRANT {Quote.Identifier(owner)} TO {account}";
        var unlessSuperuser =
            $"\n WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolsuper AND rolname = {Quote.Literal(owner)}) \\gexec\n";
        script.Append("\\if :membership_has_options\n");
        script.Append($"SELECT {Quote.Literal($"{grant} WITH SET TRUE")}{unlessSuperuser}");
        script.Append("\\else\n");
        script.Append($"SELECT {Quote.Literal(grant)}{unlessSuperuser}");
        script.Append("\\endif\n");
    }

    private static void AppendDatabase(StringBuilder script, string database, string account)
    {
        script.Append("\n-- A database.\n");
        script.Append($"GRANT CONNECT, CREATE ON DATABASE {Quote.Identifier(database)} TO {account};\n");
        script.Append($"GRANT CONNECT ON DATABASE {Quote.Identifier(database)} TO {account} WITH GRANT OPTION;\n");

        // psql takes a database name that holds "=" for connection settings, so it is given settings in their own quoting; and it reads
        // the argument as an identifier, so the variable is put in as one.
        script.Append($"SELECT {Quote.Literal($"dbname={ConnectionSetting(database)}")} AS sluice_database \\gset\n");
        script.Append("\\connect -reuse-previous=on :\"sluice_database\"\n");
        script.Append("SET client_min_messages = warning;\n");
        script.Append($"CREATE SCHEMA IF NOT EXISTS sluice AUTHORIZATION {account};\n");
        script.Append("SELECT pg_catalog.format('GRANT USAGE ON SCHEMA %I TO %I WITH GRANT OPTION', n.nspname, :'sluice_account')\n");
        script.Append(" FROM pg_catalog.pg_namespace n WHERE n.nspname NOT IN ('information_schema', 'sluice')\n");
        script.Append("  AND NOT pg_catalog.starts_with(n.nspname::text, 'pg_') ORDER BY n.oid \\gexec\n");
    }

    /// <summary>A value in libpq's keyword/value connection strings (PostgreSQL documentation, "Connection Strings").</summary>
    private static string ConnectionSetting(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
