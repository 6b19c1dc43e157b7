using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Sessions;

/// <summary>
/// Which secondary roles a session policy allows: ALLOWED_SECONDARY_ROLES, by default all, without BLOCKED_SECONDARY_ROLES, by default none,
/// and what is granted to these (https://docs.snowflake.com/en/sql-reference/sql/create-session-policy).
/// </summary>
internal static class SecondaryRoleRules
{
    private const string All = "ALL";

    public static bool Allows(AccountState account, SchemaObject? policy, RoleState role)
    {
        if (policy is null) return true;
        if (!AllowsAny(policy)) return false;
        var allowed = Named(policy, "ALLOWED_SECONDARY_ROLES", All);
        if (!allowed.Contains(All) && !Roles(account, allowed).Contains(role)) return false;
        return !Access.Closure(Roles(account, Named(policy, "BLOCKED_SECONDARY_ROLES", ""))).Contains(role);
    }

    /// <summary>False where no secondary role at all may be in force.</summary>
    public static bool AllowsAny(SchemaObject? policy) =>
        policy is null || (Named(policy, "ALLOWED_SECONDARY_ROLES", All).Length > 0 && !Named(policy, "BLOCKED_SECONDARY_ROLES", "").Contains(All));

    /// <exception cref="SnowflakeException">The policy is set on the account or a user, and so can be neither dropped nor replaced.</exception>
    public static void DemandUnset(AccountState account, SchemaObject policy)
    {
        if (account.Self.SessionPolicy != policy && account.Users.Values.All(user => user.SessionPolicy != policy)) return;
        throw new SnowflakeException("003546", "42601", $"SQL compilation error:\nPolicy {policy.Name} cannot be dropped/replaced as it is associated with one or more entities.");
    }

    private static IEnumerable<RoleState> Roles(AccountState account, IEnumerable<string> names) => names.Select(name => account.Roles.GetValueOrDefault(name)).OfType<RoleState>();

    private static string[] Named(SchemaObject policy, string option, string standard) => (policy.Options.GetValueOrDefault(option) ?? standard).Split(',', StringSplitOptions.RemoveEmptyEntries);
}
