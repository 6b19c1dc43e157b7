using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Shows;

namespace Sluice.Sandbox.Snowflake.Metadata;

/// <summary>A tag where it is set; what inherits it is not listed.</summary>
internal sealed record TagItem(Securable Holder, string? Column, int Ordinal, TagSetting Setting)
{
    public static IEnumerable<TagItem> Set(MetadataScope scope)
    {
        var tags = scope.Account.Tags;
        foreach (var holder in GrantRows.All(scope.Account))
        {
            foreach (var setting in tags.On(holder).Where(setting => setting.On <= scope.AsOf)) yield return new(holder, null, 0, setting);
            if (holder is not SchemaObject table || !table.Domain.IsTableLike()) continue;
            for (var i = 0; i < table.Columns.Length; i++)
            {
                foreach (var setting in tags.On(table, table.Columns[i].Name).Where(setting => setting.On <= scope.AsOf)) yield return new(table, table.Columns[i].Name, i + 1, setting);
            }
        }
    }
}

/// <summary>All grants to roles, of privileges, ownership and roles, and those to users but for their account roles.</summary>
internal static class GrantItems
{
    public static IEnumerable<(Securable On, Grant Grant)> ToRoles(AccountState account)
    {
        foreach (var on in GrantRows.All(account))
        {
            if (on.Owner is { } owner) yield return (on, new("OWNERSHIP", owner, WithGrantOption: true, owner, on.CreatedOn));
            foreach (var grant in account.Grants.On(on)) yield return (on, grant);
        }

        foreach (var role in account.AllRoles)
        {
            foreach (var granted in role.Granted) yield return (granted.Role, new("USAGE", role, WithGrantOption: false, granted.GrantedBy, granted.On));
        }

        foreach (var user in account.Users.Values)
        {
            foreach (var granted in user.Roles.Where(grant => grant.Role.Database is not null)) yield return (granted.Role, new("USAGE", user, WithGrantOption: false, granted.GrantedBy, granted.On));
        }
    }
}
