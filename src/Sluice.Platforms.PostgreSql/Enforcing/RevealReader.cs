using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Reads which relations show what is in others.</summary>
internal static class RevealReader
{
    // The numbers are those of RevealWay. A view asks for its reader's own rights since 15, when it says so.
    private const string Views = """
        SELECT DISTINCT d.refobjid::bigint, w.ev_class::bigint, 0
        FROM pg_catalog.pg_depend d
        JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
        JOIN pg_catalog.pg_class v ON v.oid = w.ev_class
        WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          AND d.deptype = 'n' AND w.ev_class <> d.refobjid AND v.relkind IN ('v', 'm')
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_options_to_table(v.reloptions) o
                          WHERE o.option_name = 'security_invoker' AND pg_catalog.lower(o.option_value) IN ('true', 'on', 'yes', '1', 't', 'y'))
        """;

    private const string Inheritance = """
        SELECT i.inhrelid::bigint, i.inhparent::bigint, 1 FROM pg_catalog.pg_inherits i
        UNION ALL
        SELECT i.inhparent::bigint, i.inhrelid::bigint, 2 FROM pg_catalog.pg_inherits i
        """;

    /// <summary>Reads them.</summary>
    public static Task<List<Reveal>> ReadAsync(DatabaseConnection database, CancellationToken cancellationToken) => database.ReadAsync(
        [new Query($"{Views} UNION ALL {Inheritance}")],
        static answer => answer.RowsAsync(static async r => new Reveal(await r.LongAsync(), await r.LongAsync(), (RevealWay)await r.IntAsync())),
        cancellationToken);
}
