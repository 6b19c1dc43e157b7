using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>Grants as rows: of privileges, ownership and roles.</summary>
internal static class GrantRows
{
    /// <summary>With granted_by_role_type, which no other form of SHOW GRANTS has.</summary>
    public static IEnumerable<object?[]> On(AccountState account, Securable securable)
    {
        if (securable is RoleState granted)
        {
            foreach (var other in account.AllRoles)
            {
                foreach (var grant in other.Granted.Where(grant => grant.Role == granted)) yield return WithType(granted, new("USAGE", other, WithGrantOption: false, grant.GrantedBy, grant.On));
            }
        }

        if (securable.Owner is { } owner) yield return WithType(securable, new("OWNERSHIP", owner, WithGrantOption: true, owner, securable.CreatedOn));
        foreach (var grant in account.Grants.On(securable).OrderBy(grant => grant.Privilege, StringComparer.Ordinal))
        {
            yield return WithType(securable, grant);
        }
    }

    /// <summary>What a role was given itself; what it inherits is not listed.</summary>
    public static IEnumerable<object?[]> To(StatementContext context, RoleState role)
    {
        foreach (var grant in role.Granted) yield return Row(grant.On, "USAGE", grant.Role, role, option: false, grant.GrantedBy);
        foreach (var (securable, grant) in Held(context.Account, role)) yield return Row(grant.On, grant.Privilege, securable, role, grant.WithGrantOption, grant.GrantedBy);
        foreach (var owned in Owned(context.Account, role)) yield return Row(owned.CreatedOn, "OWNERSHIP", owned, role, option: true, role);
    }

    /// <summary>
    /// A user's roles, of which the column role tells besides, and the privileges of the user's own
    /// (https://docs.snowflake.com/en/sql-reference/sql/show-grants, https://docs.snowflake.com/en/release-notes/bcr-bundles/2025_01/bcr-1803).
    /// </summary>
    public static IEnumerable<object?[]> To(StatementContext context, UserState user)
    {
        foreach (var grant in user.Roles) yield return WithRole(Row(grant.On, "USAGE", grant.Role, user, option: false, grant.GrantedBy), grant.Role.Database is null ? grant.Role.Name : null);
        foreach (var (securable, grant) in Held(context.Account, user)) yield return WithRole(Row(grant.On, grant.Privilege, securable, user, grant.WithGrantOption, grant.GrantedBy), null);
    }

    public static IEnumerable<Securable> Owned(AccountState account, RoleState role) => All(account).Where(securable => securable.Owner == role);

    /// <summary>Everything grants can be on.</summary>
    public static IEnumerable<Securable> All(AccountState account)
    {
        yield return account.Self;
        foreach (var securable in account.AccountLevel()) yield return securable;
        foreach (var schema in account.Schemas)
        {
            yield return schema;
            foreach (var table in schema.Tables()) yield return table;
            foreach (var other in schema.Stated.Where(other => !other.Domain.IsTableLike())) yield return other;
        }
    }

    private static IEnumerable<(Securable Securable, Grant Grant)> Held(AccountState account, Securable grantee) => account.Grants.MayHold(grantee)
        ? All(account).SelectMany(securable => account.Grants.On(securable).Where(grant => grant.Grantee == grantee).Select(grant => (securable, grant)))
        : [];

    private static object?[] Row(DateTimeOffset on, string privilege, Securable securable, Securable grantee, bool option, Securable? by) =>
    [
        on, privilege == "IMPORTED PRIVILEGES" ? "USAGE" : privilege, securable.Domain.Underscored(), securable.FullName, grantee.Domain.Underscored(),
        grantee is RoleState { Database: not null } ? grantee.FullName : grantee.Name, option ? "true" : "false", by?.Name ?? "",
    ];

    private static object?[] WithType(Securable securable, Grant grant) =>
        [.. Row(grant.On, grant.Privilege, securable, grant.Grantee, grant.WithGrantOption, grant.GrantedBy), grant.GrantedBy?.Domain.Underscored() ?? ""];

    private static object?[] WithRole(object?[] row, string? role) => [.. row[..4], role, .. row[4..]];
}
