using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Whom a role is granted to: a user, whose name it is, or another role, which is told apart by how it is spelled.</summary>
internal static class RoleMember
{
    /// <summary>What the detail of a role as a member begins with; no user of that name is granted anything.</summary>
    public const string Prefix = "ROLE \"";

    /// <summary>A role as a member.</summary>
    public static string Role(string name) => $"ROLE {Quote.Identifier(name)}";

    /// <summary>The member as it stands in a GRANT.</summary>
    public static string Grantee(string member) => member.StartsWith(Prefix, StringComparison.Ordinal) ? member : $"USER {Quote.Identifier(member)}";
}
