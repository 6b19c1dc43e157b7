using Sluice.Platforms.PostgreSql.Crawling;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>The reads of what is granted (PostgreSQL documentation, part "System Catalogs"). Written as those of a crawl are.</summary>
internal static class EnforcingQueries
{
    /// <summary>Every role; the comment only of those whose names begin as $1 or $2 say, or are $3.</summary>
    public const string Roles = """
        SELECT r.oid::bigint, pg_catalog.textsend(r.rolname::text), r.rolcanlogin, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
               r.rolbypassrls, r.rolinherit, r.rolname = SESSION_USER,
               CASE WHEN pg_catalog.starts_with(r.rolname::text, $1) OR pg_catalog.starts_with(r.rolname::text, $2) OR r.rolname = $3
                    THEN pg_catalog.left(pg_catalog.shobj_description(r.oid, 'pg_authid'), 1000) END
        FROM pg_catalog.pg_roles r
        ORDER BY r.oid
        """;

    /// <summary>The databases in which one of the roles $1 is granted something, or role $2 owns a schema; all of them when $3.</summary>
    public const string DatabasesOfRoles = """
        SELECT pg_catalog.textsend(d.datname::text) FROM pg_catalog.pg_database d
        WHERE d.datallowconn AND NOT d.datistemplate AND d.datconnlimit <> -2 AND ($3 OR EXISTS (
          SELECT FROM pg_catalog.pg_shdepend s
          WHERE s.dbid = d.oid AND s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
            AND (s.refobjid = ANY ($1::pg_catalog.oid[])
                 OR s.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND s.deptype = 'o' AND s.refobjid = $2::pg_catalog.oid)))
        ORDER BY d.datname
        """;

    /// <summary>What is granted on databases to the roles $1.</summary>
    public const string DatabaseGrants = """
        SELECT pg_catalog.textsend(d.datname::text), a.privilege_type, a.grantee::bigint, a.is_grantable
        FROM pg_catalog.pg_database d CROSS JOIN LATERAL pg_catalog.aclexplode(d.datacl) a
        WHERE a.grantee = ANY ($1::pg_catalog.oid[])
        """;

    /// <summary>What is granted on schemas to the roles $1.</summary>
    public const string SchemaGrants = """
        SELECT n.nspname::text, a.privilege_type, a.grantee::bigint, a.is_grantable
        FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) a
        WHERE a.grantee = ANY ($1::pg_catalog.oid[])
        """;

    /// <summary>Every table, views of ours among them: its owner, and whether it filters rows.</summary>
    public const string Tables = $"""
        SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text, c.relowner::bigint, c.relrowsecurity
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = ANY ({CatalogQueries.ReadableKinds}) AND {CatalogQueries.OfUsersAndViews}
        """;

    /// <summary>
    /// What is granted on tables and their columns, and whether the account can take it away: a REVOKE undoes what the owner granted when the account has
    /// the owner's rights, and what another granted only when it acts as them (<c>select_best_grantor</c>).
    /// </summary>
    public static string TableGrants(int serverVersion) => $"""
        SELECT g.relid::bigint, g.attname, g.privilege_type, g.grantee::bigint, g.grantor::bigint, g.is_grantable, {IsRevocable(serverVersion)}
        FROM ({AllTableGrants}) g
        """;

    /// <summary>The same of the table $2 in schema $1, with names: grantee, grantor, and whether the grantor is the owner.</summary>
    public static string GrantsOnTable(int serverVersion) => $"""
        SELECT g.attname, g.privilege_type, pg_catalog.textsend(e.rolname::text), pg_catalog.textsend(r.rolname::text), g.is_grantable,
               {IsRevocable(serverVersion)}, g.grantor = g.relowner
        FROM ({AllTableGrants}) g
        JOIN pg_catalog.pg_roles e ON e.oid = g.grantee
        JOIN pg_catalog.pg_roles r ON r.oid = g.grantor
        WHERE g.nspname = $1 AND g.relname = $2
        """;

    /// <summary>Who is a member of whom, and whether by that they have what the role has, or can act as it.</summary>
    public static string Memberships(int serverVersion) => serverVersion >= 16
        ? """
          SELECT m.roleid::bigint, m.member::bigint, m.admin_option, m.inherit_option, m.set_option FROM pg_catalog.pg_auth_members m
          """
        : """
          SELECT m.roleid::bigint, m.member::bigint, m.admin_option, r.rolinherit, true
          FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.member
          """;

    private const string AllTableGrants = $"""
        SELECT c.oid AS relid, c.relowner, n.nspname, c.relname, NULL::text AS attname, a.*
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a
        WHERE c.relkind = ANY ({CatalogQueries.ReadableKinds}) AND {CatalogQueries.OfUsersAndViews}
        UNION ALL
        SELECT c.oid, c.relowner, n.nspname, c.relname, t.attname::text, a.*
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped
        CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) a
        WHERE c.relkind = ANY ({CatalogQueries.ReadableKinds}) AND {CatalogQueries.OfUsersAndViews}
        """;

    private static string IsRevocable(int serverVersion) => $"""
        CASE WHEN g.grantor = g.relowner THEN pg_catalog.pg_has_role(g.relowner, 'USAGE')
             ELSE pg_catalog.pg_has_role(g.grantor, '{CatalogQueries.ActAs(serverVersion)}') AND NOT pg_catalog.pg_has_role(g.grantor, g.relowner, 'USAGE') END
        """;
}
