using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>GRANT and REVOKE of roles and database roles to users and roles (https://docs.snowflake.com/en/sql-reference/sql/grant-database-role).</summary>
internal sealed class GrantRoleStatement(Domain domain, ObjectName name, Domain granteeDomain, ObjectName granteeName, bool revokes) : Statement
{
    public override Outcome Execute(StatementContext context)
    {
        var role = (RoleState)context.Find(domain, name);
        if (!context.Access.Owns(role) && !context.Access.ManagesGrants) throw SnowflakeException.Insufficient(role.Domain, role.Name);
        List<RoleGrant> list;
        if (granteeDomain == Domain.User)
        {
            list = context.User(granteeName.Name).Roles;
        }
        else
        {
            var grantee = (RoleState)context.Find(granteeDomain, granteeName);
            Check(role, grantee);
            list = grantee.Granted;
        }

        if (revokes) list.RemoveAll(grant => grant.Role == role);
        else if (list.TrueForAll(grant => grant.Role != role)) list.Add(new(role, context.Access.Primary, context.Now));
        return Outcome.Done;
    }

    private void Check(RoleState role, RoleState grantee)
    {
        if (!revokes && Access.Closure([role]).Contains(grantee))
        {
            throw new SnowflakeException("003057", "0L000", $"SQL execution error:\nGrant of role '{role.Name}' to role '{grantee.Name}' failed: a role grant cycle is not allowed.");
        }

        if (grantee.Database is { } database && role.Database != database)
        {
            throw SnowflakeException.Invalid($"Role '{role.Name}' can't be granted to database role '{grantee.Name}': it is no database role of the same database.");
        }
    }
}
