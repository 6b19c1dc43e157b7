using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>GRANT and REVOKE of privileges, on things that are there and on future ones.</summary>
internal sealed class GrantStatement(List<string> privileges, GrantTarget target, Grantee grantee, bool revokes) : Statement
{
    public bool WithGrantOption { get; set; }

    public bool OptionOnly { get; init; }

    public bool Cascades { get; set; }

    public override Outcome Execute(StatementContext context)
    {
        var found = context.Find(grantee.Domain, grantee.Name);
        if (found is UserState) RefuseToUser(context);
        switch (target.Extent)
        {
            case GrantExtent.Future:
                ChangeFuture(context, (RoleState)found);
                break;
            case GrantExtent.All:
                foreach (var securable in GrantTargets.Stated(context, target).ToArray()) ChangeOne(context, securable, found);
                ChangeShared(context, found);
                break;
            default:
                ChangeOne(context, context.Find(target.Domain, target.Name ?? new(null, null, "")), found);
                break;
        }

        return Outcome.Done;
    }

    /// <summary>
    /// https://docs.snowflake.com/en/sql-reference/sql/grant-privilege-user, and https://docs.snowflake.com/en/sql-reference/parameters#disable-user-privilege-grants
    /// by which what was granted before stays, and can be revoked.
    /// </summary>
    private void RefuseToUser(StatementContext context)
    {
        if (target.Extent == GrantExtent.Future) throw SnowflakeException.Unsupported("FUTURE GRANTS TO USER");
        if (!revokes && context.Account.Self.Options.GetValueOrDefault("DISABLE_USER_PRIVILEGE_GRANTS") == "TRUE") throw SnowflakeException.Unsupported("GRANT <privileges> TO USER");
    }

    private void ChangeOne(StatementContext context, Securable securable, Securable to)
    {
        RefuseShared(securable);
        if (to is RoleState { Database: { } home } role && Home(securable) is var place && place != home)
        {
            throw new SnowflakeException("003131", "42601", $"SQL compilation error:\nPrivileges on objects outside database '{home.Name}' can't be granted to its database role '{role.Name}'.");
        }

        var named = Named(securable.Domain);
        List<string> refused = [];
        foreach (var privilege in named)
        {
            var may = context.Access.MayGrant(securable, privilege)
                || (revokes && context.Account.Grants.On(securable).Any(grant => grant.Privilege == privilege && grant.Grantee == to && grant.GrantedBy is { } by && context.Access.Holds(by)));
            if (!may) refused.Add(privilege);
            else if (revokes) Revoke(context, securable, privilege, to);
            else context.Account.Grants.Add(securable, new(privilege, to, WithGrantOption, Grantor(context, securable, privilege), context.Now));
        }

        if (refused.Count == 0) return;
        if (refused.Count == named.Count || !privileges.Contains("ALL"))
        {
            throw refused.Count == named.Count
                ? SnowflakeException.Insufficient(securable.Domain, securable.Name)
                : new SnowflakeException("003011", "42501", $"SQL access control error:\n{(revokes ? "Revoke" : "Grant")} partially executed: privileges [{string.Join(", ", refused)}] not {(revokes ? "revoked" : "granted")}.");
        }
    }

    /// <summary>What was granted on goes by CASCADE; without it nothing goes (https://docs.snowflake.com/en/sql-reference/sql/revoke-privilege-user).</summary>
    private void Revoke(StatementContext context, Securable securable, string privilege, Securable from)
    {
        var granted = context.Account.Grants.On(securable).Where(grant => grant.Privilege == privilege).ToArray();
        if (!Array.Exists(granted, grant => grant.Grantee == from)) return;
        var dependent = granted.Where(grant => grant.GrantedBy == from && grant.Grantee != from && from != securable.Owner).Select(grant => grant.Grantee).ToArray();
        if (dependent.Length > 0 && !Cascades) throw SnowflakeException.Dependent(privilege, securable, dependent[0]);
        context.Account.Grants.Remove(securable, privilege, from, OptionOnly);
        foreach (var holder in dependent) Revoke(context, securable, privilege, holder);
    }

    /// <summary>Generated tables of a schema share one list: what is granted on all of them is written there once.</summary>
    private void ChangeShared(StatementContext context, Securable to)
    {
        if (!target.Domain.IsTableLike()) return;
        foreach (var schema in GrantTargets.Schemas(GrantTargets.Container(context, target)).Where(schema => schema.Source is not null))
        {
            var sample = schema.Tables().FirstOrDefault(table => table.Domain == target.Domain && context.Account.Grants.IsShared(table));
            if (sample is null) continue;
            foreach (var privilege in Named(target.Domain))
            {
                if (!context.Access.MayGrant(sample, privilege)) throw SnowflakeException.Insufficient(target.Domain, sample.Name);
                if (revokes) context.Account.Grants.RemoveShared(schema, target.Domain, privilege, to, OptionOnly);
                else context.Account.Grants.AddShared(schema, target.Domain, new(privilege, to, WithGrantOption, Grantor(context, sample, privilege), context.Now));
            }
        }
    }

    private void ChangeFuture(StatementContext context, RoleState role)
    {
        var container = GrantTargets.Container(context, target);
        if (!context.Access.ManagesGrants && !(container is SchemaState && context.Access.Owns(container))) throw SnowflakeException.Insufficient(container.Domain, container.Name);
        var future = context.Account.Grants.Future;
        foreach (var privilege in privileges is ["OWNERSHIP"] ? privileges : Named(target.Domain))
        {
            future.RemoveAll(known => known.Container == container && known.Domain == target.Domain && known.Privilege == privilege && known.Grantee == role);
            if (!revokes) future.Add(new(container, target.Domain, privilege, role, WithGrantOption, context.Access.Primary, context.Now));
        }
    }

    private List<string> Named(Domain domain)
    {
        var known = grantee.Domain == Domain.User ? Privileges.ToUser(domain) : Privileges.Of(domain);
        if (privileges.Contains("ALL")) return [.. known.Where(privilege => privilege != "IMPORTED PRIVILEGES" && privilege != "MANAGE GRANTS")];
        var unknown = privileges.Find(privilege => !known.Contains(privilege));
        return unknown is null ? privileges : throw SnowflakeException.NoPrivilege(unknown, domain);
    }

    private void RefuseShared(Securable securable)
    {
        var database = securable as DatabaseState ?? (securable as SchemaState ?? securable.Parent as SchemaState)?.Database;
        if (database is { IsReadOnly: true } && !privileges.TrueForAll(privilege => privilege == "IMPORTED PRIVILEGES"))
        {
            throw new SnowflakeException("003030", "42501", "SQL access control error:\nGranting individual privileges on imported database is not allowed. Use 'GRANT IMPORTED PRIVILEGES' instead.");
        }

        if (database is null or { IsReadOnly: false } && privileges.Contains("IMPORTED PRIVILEGES"))
        {
            throw SnowflakeException.NoPrivilege("IMPORTED PRIVILEGES", Domain.Database);
        }
    }

    private static DatabaseState? Home(Securable securable) => securable switch
    {
        DatabaseState database => database,
        SchemaState schema => schema.Database,
        SchemaObject child => child.Database,
        _ => null,
    };

    /// <summary>By ownership it is the owner's grant, else by grant option its holder's, else by MANAGE GRANTS the owner's (https://docs.snowflake.com/en/sql-reference/sql/show-grants).</summary>
    private static Securable? Grantor(StatementContext context, Securable securable, string privilege) =>
        (context.Access.Owns(securable) ? securable.Owner : context.Access.OptionHolder(securable, privilege) ?? securable.Owner) ?? context.Access.Primary;
}
