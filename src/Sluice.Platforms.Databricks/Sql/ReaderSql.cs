using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Databricks.Enforcing;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>
/// Asks about whoever reads, by <c>session_user()</c>, whatever its case, in subqueries that depend on no row, so that they are answered once for a query. What is known of people is one
/// JSON text for each (<see cref="Compiling.KnownPeople"/>), read as MAPs, for the names of groups and attributes are anything.
/// </summary>
/// <param name="own">Where the tables about people are.</param>
/// <param name="intent">Who is left alone.</param>
internal sealed class ReaderSql(OwnCatalog own, AccessIntent intent)
{
    private const string Me = "session_user()";
    private const string Sets = "STRUCT<`all`: ARRAY<STRING>, `some`: ARRAY<STRING>>";

    /// <summary>The salt of hashes; NULL where there is none.</summary>
    public string Salt => $"(SELECT s.salt FROM {own.Entitlements(SupportTables.Salt)} s)";

    /// <summary>Whether a reader is left alone by rules from which these are exempt: never NULL.</summary>
    public string IsExempt(AccessRule exempt)
    {
        var ways = new List<string>();
        if (!intent.ProtectsUnregistered)
            ways.Add($"(NOT EXISTS (SELECT 1 FROM {own.Entitlements(SupportTables.Registered)} r WHERE {IsMe("r")}))");
        foreach (var role in intent.ExemptRoles)
        {
            // https://docs.databricks.com/sql/language-manual/functions/is_account_group_member: one exact group of the account, by any nesting. A group may be called like a person.
            if (Principals.IsSingle(role)) ways.Add($"(lower({Me}) = lower({Quote.Literal(role)}))");
            ways.Add($"is_account_group_member({Quote.Literal(role)})");
        }

        if (!exempt.Equals(AccessRule.Nobody))
            ways.Add($"EXISTS (SELECT 1 FROM {own.Entitlements(SupportTables.Exemption)} e WHERE {IsMe("e")} AND e.audience = {Quote.Literal(exempt.Id.Value)})");
        return ways.Count switch { 0 => "false", 1 => ways[0], _ => $"({string.Join(" OR ", ways)})" };
    }

    /// <summary>Whether they are a member of a group; NULL where that is not known.</summary>
    public string InGroup(string group) => Known("groups MAP<STRING, BOOLEAN>", static (known, name) => $"try_element_at({known}.groups, {name})", Quote.Literal(group));

    /// <summary>The values of an attribute that all holders of the identity have.</summary>
    public string ValuesOf(string attribute, bool ofSome) =>
        Known($"attributes MAP<STRING, {Sets}>", (known, name) => $"try_element_at({known}.attributes, {name}).{(ofSome ? "`some`" : "`all`")}", Quote.Literal(attribute));

    /// <summary>The names of their groups.</summary>
    public string GroupNames(bool ofSome) => Known($"names {Sets}", (known, _) => $"{known}.names.{(ofSome ? "`some`" : "`all`")}", "");

    /// <summary>The user name, or the identity provider.</summary>
    public string Property(PropertyKind kind) => kind == PropertyKind.Username
        ? Known("username STRING", static (known, _) => $"{known}.username", "")
        : Known("iam STRING", static (known, _) => $"{known}.iam", "");

    // The schema is our own text; a name is quoted by whoever asks.
    private string Known(string schema, Func<string, string, string> value, string name) =>
        $"(SELECT {value($"from_json(e.known, '{schema}')", name)} FROM {own.Entitlements(SupportTables.Entitlement)} e WHERE {IsMe("e")})";

    private static string IsMe(string row) => $"lower({row}.identity) = lower({Me})";
}
