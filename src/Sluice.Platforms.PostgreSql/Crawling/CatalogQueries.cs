namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>
/// The reads of a crawl (PostgreSQL documentation, part "System Catalogs"). Oids travel as bigint and names as text, so that no type of the
/// database needs to be known; those of databases and roles as bytes, for they need not be valid in this database's encoding. Every function is
/// named with its schema.
/// </summary>
internal static class CatalogQueries
{
    /// <summary>The kinds of pg_class that hold or show rows; partitions are tables of their own, readable by name.</summary>
    public const string ReadableKinds = "ARRAY['r', 'p', 'v', 'm', 'f']::pg_catalog.\"char\"[]";

    /// <summary>Leaves out the system's schemas, everyone's temporary ones and Sluice's own. <c>n</c> is pg_namespace.</summary>
    public const string OfUsers = $"{OfUsersAndViews} AND NOT {OfViews}";

    /// <summary>The same without leaving out the schemas of Sluice's views.</summary>
    public const string OfUsersAndViews =
        "NOT pg_catalog.starts_with(n.nspname::text, 'pg_') AND n.nspname <> 'information_schema' AND n.nspname <> 'sluice'";

    /// <summary>Only the schemas of Sluice's views: a comment alone would let anybody hide a schema of theirs, so the account has to own it.</summary>
    public const string OfViews = """
        (n.nspname <> 'sluice' AND pg_catalog.pg_get_userbyid(n.nspowner) = SESSION_USER AND EXISTS (
           SELECT FROM pg_catalog.pg_description s
           WHERE s.objoid = n.oid AND s.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND s.objsubid = 0
             AND pg_catalog.starts_with(s.description, 'Made by Sluice, instance ')))
        """;

    // Someone's comment may be a book; what is shown of it is not.
    private const string CommentCharacters = "16384", CommentBytes = "65536";

    /// <summary>What is shown of a comment, in characters.</summary>
    public const int MostCommentCharacters = 16384;

    /// <summary>
    /// Databases one can log in to. A connection limit of -2 marks what an interrupted DROP DATABASE left; of one that is dropped meanwhile
    /// the privilege is null.
    /// </summary>
    public const string Databases = $"""
        SELECT d.oid::bigint, pg_catalog.textsend(d.datname::text), COALESCE(pg_catalog.has_database_privilege(d.oid, 'CONNECT'), false),
               pg_catalog.substring(pg_catalog.textsend(pg_catalog.shobj_description(d.oid, 'pg_database')), 1, {CommentBytes})
        FROM pg_catalog.pg_database d
        WHERE d.datallowconn AND NOT d.datistemplate AND d.datconnlimit <> -2
        ORDER BY d.oid
        """;

    /// <summary>The database's own oid.</summary>
    public const string CurrentDatabase =
        "SELECT d.oid::bigint FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

    /// <summary>Schemas; the parameter is the only one wanted, or empty for all.</summary>
    public const string Schemas = $"""
        SELECT n.oid::bigint, n.nspname::text, pg_catalog.left(pg_catalog.obj_description(n.oid, 'pg_namespace'), {CommentCharacters})
        FROM pg_catalog.pg_namespace n
        WHERE {OfUsers} AND ($1 = '' OR n.nspname = $1)
        ORDER BY n.oid
        """;

    /// <summary>
    /// The keys of all tables in the order of a crawl, sixteen bytes each: one pass over pg_class, where paging by (schema, table) would
    /// sort it again for every page.
    /// </summary>
    public const string TableKeys = $"""
        SELECT c.relnamespace::bigint, c.oid::bigint
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = ANY ({ReadableKinds}) AND {OfUsers} AND ($1 = '' OR n.nspname = $1)
        ORDER BY c.relnamespace, c.oid
        """;

    /// <summary>The key of one table by schema and name.</summary>
    public const string TableKey = $"""
        SELECT c.relnamespace::bigint, c.oid::bigint
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = ANY ({ReadableKinds}) AND {OfUsers} AND n.nspname = $1 AND c.relname = $2
        """;

    /// <summary>Tables by oid.</summary>
    public static string Tables(int serverVersion) => $"""
        SELECT c.oid::bigint, c.relnamespace::bigint, c.relname::text, c.relkind::text, pg_catalog.left(d.description, {CommentCharacters}),
               pg_catalog.textsend(pg_catalog.pg_get_userbyid(c.relowner)::text), COALESCE(r.rolsuper, false), pg_catalog.pg_has_role(c.relowner, '{ActAs(serverVersion)}')
        FROM pg_catalog.pg_class c
        LEFT JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
        LEFT JOIN pg_catalog.pg_description d
               ON d.objoid = c.oid AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = 0
        WHERE c.oid = ANY ($1::pg_catalog.oid[])
        ORDER BY c.relnamespace, c.oid
        """;

    /// <summary>The columns of tables by the tables' oids, dropped ones left out.</summary>
    public const string Columns = $"""
        SELECT a.attrelid::bigint, a.attnum::int, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod),
               pg_catalog.left(d.description, {CommentCharacters}),
               COALESCE(a.attnum = ANY (p.partattrs::pg_catalog.int2[]), false)
        FROM pg_catalog.pg_attribute a
        LEFT JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = a.attrelid
        LEFT JOIN pg_catalog.pg_description d
               ON d.objoid = a.attrelid AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = a.attnum
        WHERE a.attrelid = ANY ($1::pg_catalog.oid[]) AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attrelid, a.attnum
        """;

    /// <summary>
    /// The privilege by which a member acts as a role: since 16 a membership may be without SET, and then it does not help; the privilege's
    /// name is unknown before.
    /// </summary>
    public static string ActAs(int serverVersion) => serverVersion >= 16 ? "SET" : "MEMBER";
}
