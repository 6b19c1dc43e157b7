using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>GRANT OWNERSHIP: grants on the object must be copied or revoked with it, if there are any.</summary>
internal sealed class OwnershipStatement(GrantTarget target, Grantee grantee, bool copies, bool clears) : Statement
{
    public override Outcome Execute(StatementContext context)
    {
        if (grantee.Domain == Domain.User) throw SnowflakeException.NoPrivilege("OWNERSHIP", target.Domain);
        var role = (RoleState)context.Find(grantee.Domain, grantee.Name);
        IEnumerable<Securable> found = target.Extent == GrantExtent.One ? [context.Find(target.Domain, target.Name!)] : AllOf(context);
        foreach (var securable in found.ToArray()) Transfer(context, securable, role);
        return Outcome.Done;
    }

    // Ownership is the object's own, so generated tables that get another owner are kept from then on.
    private IEnumerable<Securable> AllOf(StatementContext context)
    {
        var container = GrantTargets.Container(context, target);
        if (target.Domain == Domain.Schema) return GrantTargets.Schemas(container);
        return GrantTargets.Schemas(container).SelectMany(schema => schema.Of(target.Domain)).Where(child => child.Domain == target.Domain);
    }

    private void Transfer(StatementContext context, Securable securable, RoleState role)
    {
        if (!context.Access.Owns(securable) && !context.Access.ManagesGrants) throw SnowflakeException.Insufficient(securable.Domain, securable.Name);
        var dependent = context.Account.Grants.On(securable);
        if (dependent.Count > 0 && !copies && !clears && securable.Owner != role)
        {
            throw SnowflakeException.Dependent(
                dependent[0].Privilege,
                securable,
                dependent[0].Grantee,
                " To revoke all dependent grants while transferring object ownership, use convenience command 'GRANT OWNERSHIP ON <target_objects> TO <target_role> REVOKE CURRENT GRANTS'.");
        }

        if (clears) context.Account.Grants.Clear(securable);
        else context.Account.Grants.GrantedBy(securable, role);
        securable.Owner = role;
        if (securable is SchemaObject child) child.Schema.Keep(child);
    }
}
