using System.Text;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Setup;

/// <summary>
/// Writes GRANT and REVOKE for the service principal. Where its name is not known it stands in a session variable, and the statements are put together
/// from it: a value that is no application id makes none, whatever ran before. Each part of a script declares the variables: the parts are for
/// different people, and a variable ends with the session of one.
/// </summary>
/// <param name="principal">Its application id; null where it has to be put in by hand.</param>
internal sealed class Grantee(string? principal)
{
    /// <summary>Holds the statement to run; NULL, which can't be run, where there must be none.</summary>
    public const string Statement = "sluice_statement";

    private const string Declaration = $"DECLARE OR REPLACE VARIABLE {Statement} STRING;\n";

    // Qualified: beside columns a variable is known so alone.
    private const string Variable = "session.sluice_principal";

    // regexp_replace leaves nothing of an application id, and of no other text of that length.
    private static readonly string IsApplicationId =
        $"length({Variable}) = 36 AND regexp_replace(lower({Variable}), {Quote.Literal("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")}, '') = ''";

    private static readonly string Principal = $"""

        -- >>> Put in the application id of Sluice's service principal (a token does not tell it), then run this part. <<<
        DECLARE OR REPLACE VARIABLE sluice_principal STRING DEFAULT 'PUT-THE-APPLICATION-ID-HERE';
        {Declaration}SELECT assert_true({IsApplicationId}, 'Put the application id of a service principal, which is a UUID, into sluice_principal first');

        """;

    /// <summary>Declares the variables that a part needs.</summary>
    /// <param name="script">The script.</param>
    /// <param name="isComposed">Whether the part puts statements together in any case.</param>
    public void Declare(StringBuilder script, bool isComposed = false)
    {
        if (principal is null) script.Append(Principal);
        else if (isComposed) DeclareStatement(script);
    }

    /// <summary>Declares what a part needs that names no principal.</summary>
    public static void DeclareStatement(StringBuilder script) => script.Append(Declaration);

    /// <summary>Grants privileges.</summary>
    public void Grant(StringBuilder script, string privileges, string securable) => Append(script, $"GRANT {privileges} ON {securable} TO ");

    /// <summary>Revokes privileges.</summary>
    public void Revoke(StringBuilder script, string privileges, string securable) => Append(script, $"REVOKE {privileges} ON {securable} FROM ");

    /// <summary>An expression of a statement that ends with the principal's name; NULL while that is not known.</summary>
    public string Composed(string statement) => principal is null
        ? $"CASE WHEN {IsApplicationId} THEN {Quote.Literal($"{statement}`")} || {Variable} || '`' END"
        : Quote.Literal($"{statement}{Quote.Identifier(principal)}");

    /// <summary>
    /// An expression of a statement about the principal that was used before this one; one that changes nothing where both are the same, and NULL while
    /// that is not known.
    /// </summary>
    public string ComposedOfFormer(string statement, string former)
    {
        var composed = Quote.Literal($"{statement}{Quote.Identifier(former)}");
        if (principal is not null) return principal == former ? Nothing : composed;
        return $"CASE WHEN {IsApplicationId} THEN CASE WHEN lower({Variable}) = {Quote.Literal(former)} THEN {Nothing} ELSE {composed} END END";
    }

    /// <summary>A statement that changes nothing, as an expression.</summary>
    public static string Nothing { get; } = Quote.Literal("SELECT 'Nothing to change'");

    /// <summary>Runs what an expression makes.</summary>
    public static void Run(StringBuilder script, string expression) => script.Append($"SET VAR {Statement} = {expression};\nEXECUTE IMMEDIATE {Statement};\n");

    private void Append(StringBuilder script, string statement)
    {
        if (principal is null) Run(script, Composed(statement));
        else script.Append($"{statement}{Quote.Identifier(principal)};\n");
    }
}
