using System.Text;
using Sluice.Platforms.Snowflake.Enforcing;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>
/// Writes the script that takes away what the setup script made, and what enforcement has made since. It drops only what carries this instance's mark: a name that was mistyped drops nothing.
/// </summary>
/// <param name="owned">What tells whose something is.</param>
/// <param name="showRows">How many rows a SHOW has at the most.</param>
internal sealed class RemovalScript(OwnedObjects owned, int showRows)
{
    private const string Head = """
        -- Takes away what Sluice has made: the roles of its audiences and all that is granted to them, its masks and row
        -- rules, its database, with everything in it, its system role, and the user where the setup script made it.
        --
        -- Who can run it: the role that ran the setup script (it owns them), or ACCOUNTADMIN. It needs USAGE on a warehouse:
        -- where the one below is gone, name another one in its line.
        -- How: all of it in a worksheet, or: snow sql --enable-templating NONE -f delete.sql
        -- What does not carry this Sluice's comment is left alone. Run twice it does the same as once.

        """;

    private const string RemovedHead = """

        -- Grants that Sluice took from users, as statements: run those that they shall have back.

        """;

    /// <summary>The script.</summary>
    /// <param name="request">What was set up.</param>
    /// <param name="standing">What the connection has done. Of what it has made, each thing says itself whose it is.</param>
    public string Write(ScriptRequest request, StandingAccess standing)
    {
        var script = new StringBuilder(Head);
        script.Append($"\n-- >>> CHANGE THIS LINE where the warehouse is gone.\nUSE WAREHOUSE {request.Warehouse.Quoted};\n");
        script.Append("\n-- What was made since the setup: first the roles, so that who reads by them does not see more for a moment, and then\n-- the policies off what they are set on.\n");
        script.Append($"EXECUTE IMMEDIATE {Body(RemovalBlock.Write(owned, request.Settings, showRows))};\n");
        script.Append("\n-- The database, where it is this Sluice's.\n");
        owned.AppendDrop(script, OwnedKind.Database, request.Settings.DatabaseName);
        script.Append("\n-- The role, where it is this Sluice's.\n");
        owned.AppendDrop(script, OwnedKind.Role, request.Settings.SystemRole);
        if (request.User is { } user)
        {
            script.Append("\n-- The user, where the setup script made it.\n");
            owned.AppendDrop(script, OwnedKind.User, user);
        }

        if (standing.Removed.Count > 0)
            script.Append($"{RemovedHead}SELECT COLUMN1 AS STATEMENT FROM VALUES\n  {string.Join(",\n  ", standing.Removed.Select(static r => KeptGrant.Write(r.Key, r.Restore == KeptGrant.Write(r.Key, isGrantable: true))).Order(StringComparer.Ordinal).Select(static r => $"({Quote.Literal(r)})"))};\n");
        return script.ToString();
    }

    // Between dollar signs it can be read; a name may have them itself.
    private static string Body(string block) => block.Contains("$$", StringComparison.Ordinal) ? Quote.Literal(block) : $"$$\n{block}$$";
}
