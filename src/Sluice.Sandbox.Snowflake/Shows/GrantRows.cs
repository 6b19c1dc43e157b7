using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>Grants as rows: of privileges, ownership and roles.</summary>
internal static class GrantRows
{
    public static IEnumerable<object?[]> On(AccountState account, Securable securable)
    {
        if (securable is RoleState granted)
        {
            foreach (var other in account.AllRoles)
            {
                foreach (var grant in other.Granted.Where(grant => grant.Role == granted)) yield return Row(grant.On, "USAGE", granted, other, option: false, grant.GrantedBy);
            }
        }

        if (securable.Owner is { } owner) yield return Row(securable.CreatedOn, "OWNERSHIP", securable, owner, option: true, owner);
        foreach (var grant in account.Grants.On(securable).OrderBy(grant => grant.Privilege, StringComparer.Ordinal))
        {
            yield return Row(grant.On, grant.Privilege, securable, grant.Grantee, grant.WithGrantOption, grant.GrantedBy);
        }
    }

    /// <summary>What a role was given itself; what it inherits is not listed.</summary>
    public static IEnumerable<object?[]> To(StatementContext context, RoleState role)
    {
        foreach (var grant in role.Granted) yield return Row(grant.On, "USAGE", grant.Role, role, option: false, grant.GrantedBy);
        foreach (var (securable, grant) in Held(context.Account, role)) yield return Row(grant.On, grant.Privilege, securable, role, grant.WithGrantOption, grant.GrantedBy);
        foreach (var owned in Owned(context.Account, role)) yield return Row(owned.CreatedOn, "OWNERSHIP", owned, role, option: true, role);
    }

    public static IEnumerable<(Securable Securable, Grant Grant)> Held(AccountState account, RoleState role) =>
        All(account).SelectMany(securable => account.Grants.On(securable).Where(grant => grant.Grantee == role).Select(grant => (securable, grant)));

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

    private static object?[] Row(DateTimeOffset on, string privilege, Securable securable, RoleState grantee, bool option, RoleState? by) =>
    [
        on, privilege == "IMPORTED PRIVILEGES" ? "USAGE" : privilege, securable.Domain.Underscored(), securable.FullName, grantee.Domain.Underscored(),
        grantee.Database is null ? grantee.Name : grantee.FullName, option ? "true" : "false", by?.Name ?? "",
    ];
}
