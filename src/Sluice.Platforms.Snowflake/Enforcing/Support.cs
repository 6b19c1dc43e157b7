using System.Security.Cryptography;
using System.Text;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// What policies rest on: private tables about people, and functions by which policies ask about whoever runs the query. A policy runs with its owner's
/// rights, and so do the functions, so that nobody but the system role is granted anything on them
/// (https://docs.snowflake.com/en/user-guide/security-row-intro: "the policy owner's role").
/// </summary>
/// <param name="names">Of the connection.</param>
internal sealed class Support(NativeNames names)
{
    /// <summary>The subject of the fact that it is there.</summary>
    public const string Subject = "tables and functions";

    /// <summary>Detail of the fact that an identity is a registered person's.</summary>
    public const string Registered = "REGISTERED";

    /// <summary>Detail of the fact of what is known of a person: what the names of all functions that ask it begin with.</summary>
    public const string Known = "KNOWN";

    /// <summary>The table of registered identities.</summary>
    public const string RegisteredTable = "REGISTERED";

    /// <summary>The table of exemptions: from rules with an audience, and of users and roles from all (<see cref="FactKey.FromAll"/>).</summary>
    public const string ExemptionTable = "EXEMPTION";

    /// <summary>The table of what is known of people.</summary>
    public const string EntitlementTable = "ENTITLEMENT";

    /// <summary>The table of the salt of hashed values.</summary>
    public const string SaltTable = "SALT";

    /// <summary>The function that says whether the session is one on which policies have no effect.</summary>
    public const string IsExcluded = "IS_EXCLUDED";

    private const string Me = "CURRENT_USER()";

    /// <summary>The tables with their columns.</summary>
    public static IReadOnlyList<(string Name, string Columns)> Tables { get; } =
    [
        (RegisteredTable, "IDENTITY VARCHAR NOT NULL"),
        (ExemptionTable, "IDENTITY VARCHAR NOT NULL, AUDIENCE VARCHAR NOT NULL"),
        (EntitlementTable, "IDENTITY VARCHAR NOT NULL, KNOWN VARIANT NOT NULL"),
        (SaltTable, "SALT VARCHAR NOT NULL"),
    ];

    /// <summary>The functions' names, in the order of <see cref="Functions"/>.</summary>
    public static IReadOnlyList<string> FunctionNames { get; } = [.. new Support(new NativeNames("X", "X")).Functions.Select(f => f.Name)];

    /// <summary>
    /// The functions. Most are memoizable: an answer is kept for a query, where the arguments are constants
    /// (https://docs.snowflake.com/en/developer-guide/udf/sql/udf-sql-scalar-functions, "Memoizable UDFs").
    /// </summary>
    public IReadOnlyList<SupportFunction> Functions =>
    [
        // Whether a role is the session's can be asked of a column (https://docs.snowflake.com/en/sql-reference/functions/is_role_in_session).
        new(IsExcluded, "", "BOOLEAN", $"SELECT COUNT(*) > 0 FROM {names.Table(ExemptionTable)} e WHERE e.AUDIENCE = {Sql.Quote.Literal(FactKey.FromAll)} AND (e.IDENTITY = {Me} OR IS_ROLE_IN_SESSION(e.IDENTITY))") { IsMemoizable = false },
        new("IS_REGISTERED", "", "BOOLEAN", $"SELECT COUNT(*) > 0 FROM {names.Table(RegisteredTable)} r WHERE r.IDENTITY = {Me}"),
        new("EXEMPTIONS", "", "ARRAY", $"SELECT ARRAY_AGG(e.AUDIENCE) FROM {names.Table(ExemptionTable)} e WHERE e.IDENTITY = {Me}"),
        new("SALT", "", "VARCHAR", $"SELECT MAX(s.SALT) FROM {names.Table(SaltTable)} s"),
        new("KNOWN_IN_GROUP", "NAME VARCHAR", "BOOLEAN", $"GET(GET({Person}, 'groups'), NAME)::BOOLEAN"),
        new("KNOWN_GROUP_NAMES", "HOLDERS VARCHAR", "ARRAY", $"GET(GET({Person}, 'names'), HOLDERS)::ARRAY"),
        new("KNOWN_ATTRIBUTE_VALUES", "NAME VARCHAR, HOLDERS VARCHAR", "ARRAY", $"GET(GET(GET({Person}, 'attributes'), NAME), HOLDERS)::ARRAY"),
        new("KNOWN_USERNAME", "", "VARCHAR", $"GET({Person}, 'username')::VARCHAR"),
        new("KNOWN_IAM", "", "VARCHAR", $"GET({Person}, 'iam')::VARCHAR"),
    ];

    /// <summary>The definition of the fact: a digest of all of it.</summary>
    public string Definition => "version " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', Tables.Select(t => $"{t.Name} ({t.Columns})").Concat(Functions.Select(f => f.Create(names, "''")))))))[..12];

    /// <summary>The mark of a function, which also tells the version that made it.</summary>
    public string CommentOf(InstanceMark mark) => $"{mark.Comment} {Definition}.";

    /// <summary>Makes it, or makes it again as it was.</summary>
    public IReadOnlyList<string> Make(InstanceMark mark) =>
    [
        .. Tables.Select(t => $"CREATE TABLE IF NOT EXISTS {names.Table(t.Name)} ({t.Columns}) COMMENT = {Sql.Quote.Literal(mark.Comment)}"),
        .. Functions.Select(f => f.Create(names, Sql.Quote.Literal(CommentOf(mark)))),
    ];

    /// <summary>Puts a salt where there is none.</summary>
    public string PutSalt => $"INSERT INTO {names.Table(SaltTable)} (SALT) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM {names.Table(SaltTable)})";

    /// <summary>Removes it.</summary>
    public IReadOnlyList<string> Drop =>
    [
        .. Functions.Select(f => $"DROP FUNCTION IF EXISTS {names.Function(f.Name)}({f.Types})"),
        .. Tables.Select(t => $"DROP TABLE IF EXISTS {names.Table(t.Name)}"),
    ];

    private string Person => $"(SELECT ANY_VALUE(e.KNOWN) FROM {names.Table(EntitlementTable)} e WHERE e.IDENTITY = {Me})";
}

/// <summary>A function of ours.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">With their types.</param>
/// <param name="Returns">Its type.</param>
/// <param name="Body">SQL.</param>
internal sealed record SupportFunction(string Name, string Arguments, string Returns, string Body)
{
    /// <summary>Whether an answer is kept: not of what a session's roles decide, which change within it.</summary>
    public bool IsMemoizable { get; init; } = true;

    /// <summary>The types of the arguments, as DROP FUNCTION takes them.</summary>
    public string Types => string.Join(", ", Arguments.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(a => a.Split(' ')[1]));

    /// <summary>Makes it.</summary>
    /// <param name="names">Of the connection.</param>
    /// <param name="comment">A literal.</param>
    public string Create(NativeNames names, string comment) =>
        $"CREATE OR REPLACE FUNCTION {names.Function(Name)}({Arguments}) RETURNS {Returns}{(IsMemoizable ? " MEMOIZABLE" : "")} COMMENT = {comment} AS {Sql.Quote.Literal(Body)}";
}
