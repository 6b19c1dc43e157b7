using System.Text;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>
/// Writes the script that takes away what the setup script made. It drops only what carries this instance's mark: a name that was mistyped drops nothing.
/// </summary>
internal sealed class RemovalScript(OwnedObjects owned)
{
    private const string Head = """
        -- Takes away what Sluice's setup script made: its database, with everything in it, its system role, and the user
        -- where the script made it.
        --
        -- Who can run it: the role that ran the setup script (it owns them), or ACCOUNTADMIN. It needs USAGE on a warehouse:
        -- where the one below is gone, name another one in its line.
        -- How: all of it in a worksheet, or: snow sql --enable-templating NONE -f delete.sql
        -- What does not carry this Sluice's comment is left alone. Run twice it does the same as once.

        """;

    /// <summary>The script.</summary>
    public string Write(ScriptRequest request)
    {
        var script = new StringBuilder(Head);
        script.Append($"\n-- >>> CHANGE THIS LINE where the warehouse is gone.\nUSE WAREHOUSE {request.Warehouse.Quoted};\n");
        script.Append("\n-- The database, where it is this Sluice's.\n");
        owned.AppendDrop(script, OwnedKind.Database, request.Settings.DatabaseName);
        script.Append("\n-- The role, where it is this Sluice's.\n");
        owned.AppendDrop(script, OwnedKind.Role, request.Settings.SystemRole);
        if (request.User is not { } user) return script.ToString();
        script.Append("\n-- The user, where the setup script made it.\n");
        owned.AppendDrop(script, OwnedKind.User, user);
        return script.ToString();
    }
}
