using Sluice.Platforms.PostgreSql.Crawling;

namespace Sluice.Platforms.PostgreSql.Checks;

/// <summary>The reads of the checks.</summary>
internal static class AccountQueries
{
    /// <summary>The account we are logged in as.</summary>
    public const string Account = """
        SELECT r.rolname::text, r.rolsuper, r.rolcreaterole, pg_catalog.pg_is_in_recovery(),
               pg_catalog.current_setting('server_version'),
               pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
        FROM pg_catalog.pg_roles r WHERE r.rolname = SESSION_USER
        """;

    /// <summary>What the account may do with each database.</summary>
    public const string Databases = """
        SELECT pg_catalog.textsend(d.datname::text), COALESCE(pg_catalog.has_database_privilege(d.oid, 'CONNECT'), false),
               COALESCE(pg_catalog.has_database_privilege(d.oid, 'CREATE'), false)
        FROM pg_catalog.pg_database d
        WHERE d.datallowconn AND NOT d.datistemplate AND d.datconnlimit <> -2
        ORDER BY d.datname
        """;

    /// <summary>Who owns tables in the database, and whether the account can act as them.</summary>
    public static string Owners(int serverVersion) => $"""
        SELECT pg_catalog.textsend(r.rolname::text), r.rolsuper, pg_catalog.count(*), pg_catalog.pg_has_role(r.oid, '{CatalogQueries.ActAs(serverVersion)}')
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
        WHERE c.relkind = ANY ({CatalogQueries.ReadableKinds}) AND {CatalogQueries.OfUsers}
        GROUP BY r.oid, r.rolname, r.rolsuper
        ORDER BY r.rolname
        """;

    /// <summary>The schema in which Sluice keeps what it needs in the database, where it exists.</summary>
    public static string OwnSchema(int serverVersion) => $"""
        SELECT pg_catalog.textsend(pg_catalog.pg_get_userbyid(n.nspowner)::text), pg_catalog.pg_has_role(n.nspowner, '{CatalogQueries.ActAs(serverVersion)}')
        FROM pg_catalog.pg_namespace n WHERE n.nspname = 'sluice'
        """;

    /// <summary>The cluster's own identifier (PostgreSQL documentation, "Control Data Functions").</summary>
    public const string SystemIdentifier = "SELECT s.system_identifier FROM pg_catalog.pg_control_system() s";
}
