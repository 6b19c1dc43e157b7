using System.Text;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Setup;

/// <summary>
/// Writes GRANT and REVOKE for the service principal. Where its name is not known it stands in a session variable, and the statements are put together
/// from it. Each part of a script declares it: the parts are for different people, and a variable ends with the session of one.
/// </summary>
/// <param name="principal">Its application id; null where it has to be put in by hand.</param>
internal sealed class Grantee(string? principal)
{
    private const string Variable = """

        -- >>> Put in the application id of Sluice's service principal (a token does not tell it), then run this part. <<<
        DECLARE OR REPLACE VARIABLE sluice_principal STRING DEFAULT 'PUT-THE-APPLICATION-ID-HERE';
        DECLARE OR REPLACE VARIABLE sluice_statement STRING;
        SELECT assert_true(sluice_principal <> 'PUT-THE-APPLICATION-ID-HERE', 'Put the application id into sluice_principal first');

        """;

    /// <summary>Declares the variable where one is needed.</summary>
    public void Declare(StringBuilder script)
    {
        if (principal is null) script.Append(Variable);
    }

    /// <summary>Grants privileges.</summary>
    public void Grant(StringBuilder script, string privileges, string securable) => Append(script, $"GRANT {privileges} ON {securable} TO ");

    /// <summary>Revokes privileges.</summary>
    public void Revoke(StringBuilder script, string privileges, string securable) => Append(script, $"REVOKE {privileges} ON {securable} FROM ");

    private void Append(StringBuilder script, string statement)
    {
        if (principal is not null)
        {
            script.Append($"{statement}{Quote.Identifier(principal)};\n");
            return;
        }

        script.Append($"SET VAR sluice_statement = {Quote.Literal(statement)} || '`' || replace(sluice_principal, '`', '``') || '`';\n");
        script.Append("EXECUTE IMMEDIATE sluice_statement;\n");
    }
}
