using System.Security.Cryptography;
using System.Text;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>
/// What rules rest on in a database: schema <c>sluice</c> with private tables about people, and functions by which policies and views ask about whoever is logged
/// in. The functions run with the rights of the tables' owner, as a reader of a governed table has none on these, and answer NULL for what is not known.
/// </summary>
internal static class SupportSchema
{
    /// <summary>The schema, and the subject of the fact that it is there.</summary>
    public const string Name = "sluice";

    /// <summary>The table of the salt of hashed values.</summary>
    public const string Salt = "salt";

    /// <summary>Detail of the fact that an identity is a registered person's.</summary>
    public const string Registered = "registered";

    /// <summary>Detail of the fact of what is known of a person.</summary>
    public const string Known = "known";

    /// <summary>In the table of exemptions: from every row rule, for a role and its members (<see cref="Core.Planning.FactKey.FromAll"/>).</summary>
    public const string FromEverything = "*";

    // The session's user: SET ROLE changes the current one, and nobody but a superuser changes this.
    private const string Me = "session_user::text";

    private const string Settings = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp";

    /// <summary>The tables with their columns, as format_type spells them.</summary>
    public static IReadOnlyList<SupportTable> Tables { get; } =
    [
        new("registered", "identity text COLLATE pg_catalog.\"C\" PRIMARY KEY", "identity text"),
        new("exemption", "identity text COLLATE pg_catalog.\"C\", audience text COLLATE pg_catalog.\"C\", PRIMARY KEY (identity, audience)", "identity text, audience text"),
        new("entitlement", "identity text COLLATE pg_catalog.\"C\" PRIMARY KEY, known jsonb NOT NULL", "identity text, known jsonb"),

        // One row at the most. Besides the owner, only the owner of the views reads it.
        new(Salt, "salt text NOT NULL CHECK (pg_catalog.length(salt) >= 32), single boolean PRIMARY KEY DEFAULT true CHECK (single)", "salt text, single boolean"),
    ];

    /// <summary>The functions.</summary>
    public static IReadOnlyList<SupportFunction> Functions { get; } =
    [
        new("registered", "", "boolean", $"SELECT EXISTS (SELECT FROM sluice.registered r WHERE r.identity = {Me})"),
        new("exempt", "audience text", "boolean", $"""
            SELECT EXISTS (SELECT FROM sluice.exemption e WHERE e.identity = {Me} AND e.audience = $1)
                OR EXISTS (SELECT FROM sluice.exemption e JOIN pg_catalog.pg_roles r ON r.rolname = e.identity
                           WHERE e.audience = '{FromEverything}' AND pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER'))
            """),
        new("in_group", "name text", "boolean", OfPerson("(e.known -> 'groups' ->> $1)::boolean")),
        new("group_names", "", "text[]", OfPerson(Texts("e.known -> 'names' -> 'all'"))),
        new("group_names_of_some", "", "text[]", OfPerson(Texts("e.known -> 'names' -> 'some'"))),
        new("has_attribute", "name text, value text", "boolean", OfPerson("""
            CASE WHEN e.known -> 'attributes' -> $1 -> 'all' ? $2 THEN true
                 WHEN NOT (e.known -> 'attributes' -> $1 -> 'some' ? $2) THEN false END
            """)),
        new("attribute_values", "name text", "text[]", OfPerson(Texts("e.known -> 'attributes' -> $1 -> 'all'"))),
        new("attribute_values_of_some", "name text", "text[]", OfPerson(Texts("e.known -> 'attributes' -> $1 -> 'some'"))),
        new("username", "", "text", OfPerson("e.known ->> 'username'")),
        new("iam", "", "text", OfPerson("e.known ->> 'iam'")),

        // A session chooses how values are spelled, and must not choose by that which rows it sees.
        new("text_of", "value anyelement", "text", "SELECT $1::text")
        {
            Settings = "SET search_path = pg_catalog, pg_temp SET \"DateStyle\" = 'ISO, YMD' SET \"IntervalStyle\" = 'iso_8601' SET \"TimeZone\" = 'UTC' "
                + "SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary = 'C'",
        },
    ];

    /// <summary>The definition of the fact: a digest of all of it.</summary>
    public static string Definition { get; } = $"schema {Name}, version " + Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', Tables.Select(t => t.Create).Concat(Functions.Select(f => f.Create)))))).Substring(0, 12);

    /// <summary>Makes it, or makes it again as it was.</summary>
    public static IReadOnlyList<string> Create { get; } =
    [
        .. Tables.SelectMany(t => new[] { t.Create, $"ALTER TABLE {t.QualifiedName} OWNER TO SESSION_USER", $"REVOKE ALL ON TABLE {t.QualifiedName} FROM PUBLIC" }),
        .. Functions.SelectMany(f => new[] { f.Create, $"ALTER FUNCTION {f.Signature} OWNER TO SESSION_USER", $"GRANT EXECUTE ON FUNCTION {f.Signature} TO PUBLIC" }),
    ];

    /// <summary>Removes what is in it. Fails while a policy uses it.</summary>
    public static IReadOnlyList<string> Drop { get; } =
    [
        .. Functions.Select(f => $"DROP FUNCTION IF EXISTS {f.Signature}"),
        .. Tables.Select(t => $"DROP TABLE IF EXISTS {t.QualifiedName}"),
    ];

    private static string OfPerson(string value) => $"SELECT {value} FROM sluice.entitlement e WHERE e.identity = {Me}";

    private static string Texts(string json) =>
        $"CASE WHEN {json} IS NOT NULL THEN ARRAY(SELECT pg_catalog.jsonb_array_elements_text({json})) END";

    /// <summary>A private table.</summary>
    internal sealed record SupportTable(string TableName, string Body, string Columns)
    {
        public string QualifiedName => $"{Name}.{TableName}";

        public string Create => $"CREATE TABLE IF NOT EXISTS {QualifiedName} ({Body})";
    }

    /// <summary>A function that everybody may execute.</summary>
    internal sealed record SupportFunction(string FunctionName, string Arguments, string Returns, string Body)
    {
        public string Settings { get; init; } = SupportSchema.Settings;

        public bool IsDefiner => Settings.StartsWith("SECURITY DEFINER", StringComparison.Ordinal);

        public string Signature => $"{Name}.{FunctionName}({Arguments})";

        public string Create => $"CREATE OR REPLACE FUNCTION {Signature} RETURNS {Returns} LANGUAGE sql STABLE {Settings} AS $body${Body}$body$";
    }
}
