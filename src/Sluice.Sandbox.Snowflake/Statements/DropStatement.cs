using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>DROP of anything.</summary>
internal sealed class DropStatement(Domain domain, ObjectName name, bool ifExists) : Statement
{
    private static readonly string[] SystemRoles = ["ACCOUNTADMIN", "SECURITYADMIN", "USERADMIN", "SYSADMIN", "ORGADMIN", "PUBLIC"];

    public static DropStatement Read(TokenReader reader)
    {
        reader.Accept("SECURITY");
        var domain = reader.ReadDomain();
        var ifExists = reader.Accept("IF", "EXISTS");
        var name = Signatures.Read(reader, domain);

        reader.AcceptAny("CASCADE", "RESTRICT");
        return new(domain, name, ifExists);
    }

    public override Outcome Execute(StatementContext context)
    {
        Securable found;
        try
        {
            found = context.Find(domain, name);
        }
        catch (SnowflakeException problem) when (ifExists && problem.Code == "002003")
        {
            return Outcome.Status("Drop statement executed successfully (" + name.Name + " already dropped).");
        }

        if (found is SchemaObject table && domain.IsTableLike() && table.Domain.IsView() != domain.IsView())
        {
            throw new SnowflakeException("002203", "02000", $"SQL compilation error:\nObject found is of type '{table.Domain.Sql()}' not specified type '{domain.Sql()}'.");
        }

        if (found is RoleState { Database: null } role && SystemRoles.Contains(role.Name)) throw SnowflakeException.Insufficient(Domain.Role, role.Name);
        if (found is not DatabaseState { IsReadOnly: true } && (found.Parent as SchemaState)?.Database.IsReadOnly == true) throw SnowflakeException.Insufficient(domain, found.Name);
        if (!context.Access.Owns(found) && !(found is SchemaObject lying && context.Access.Owns(lying.Schema))) throw SnowflakeException.Insufficient(domain, found.Name);
        if (found is SchemaObject { Domain: Domain.MaskingPolicy or Domain.RowAccessPolicy } policy && PolicyRules.UsesOf(context.Account, policy).Any())
        {
            throw new SnowflakeException("003546", "42601", $"SQL compilation error:\nPolicy {policy.Name} cannot be dropped/replaced as it is associated with one or more entities.");
        }

        if (found is SchemaObject { Domain: Domain.SessionPolicy } session) Sessions.SecondaryRoleRules.DemandUnset(context.Account, session);
        RefuseUsedElsewhere(context, found);
        if (UndropStatement.Keeps(found)) UndropStatement.Detach(context, found);
        else Remove(context, found);
        return Outcome.Status($"{found.Name} successfully dropped.");
    }

    /// <summary>A schema or database stays while a policy in it is in force outside of it (https://docs.snowflake.com/en/user-guide/security-column-intro#limitations).</summary>
    private static void RefuseUsedElsewhere(StatementContext context, Securable found)
    {
        IEnumerable<SchemaState> schemas = found switch { DatabaseState database => database.Schemas.Values, SchemaState schema => [schema], _ => [] };
        var within = schemas.ToHashSet();
        foreach (var policy in within.SelectMany(schema => schema.Of(Domain.MaskingPolicy).Concat(schema.Of(Domain.RowAccessPolicy))))
        {
            if (PolicyRules.UsesOf(context.Account, policy).Any(use => !within.Contains(use.Holder.Schema)))
            {
                throw new SnowflakeException("003546", "42601", $"SQL compilation error:\nPolicy {policy.Name} cannot be dropped/replaced as it is associated with one or more entities.");
            }
        }
    }

    /// <summary>Takes something out of the account, with its children, grants and tags.</summary>
    public static void Remove(StatementContext context, Securable found)
    {
        var account = context.Account;
        found.IsDropped = true;
        switch (found)
        {
            case DatabaseState database:
                account.Databases.Remove(database.Name);
                foreach (var schema in database.Schemas.Values.ToArray()) Remove(context, schema);
                foreach (var role in database.Roles.Values.ToArray()) Remove(context, role);
                break;
            case SchemaState schema:
                schema.Database.Schemas.Remove(schema.Name);
                foreach (var child in schema.Stated.ToArray()) Remove(context, child);
                break;
            case SchemaObject child:
                child.Schema.Remove(child);
                context.Runtime.Engine.For(context.Session).Drop(child);
                if (child.Domain == Domain.Tag) account.Tags.ForgetTag(child);
                break;
            case RoleState role:
                RemoveRole(context, role);
                break;
            case UserState user:
                account.Users.Remove(user.Name);
                account.Grants.ForgetGrantee(user);
                break;
            case WarehouseState warehouse:
                account.Warehouses.Remove(warehouse.Name);
                break;
            case IntegrationState integration:
                account.Integrations.Remove(integration.Name);
                break;
            case NetworkPolicyState policy:
                account.NetworkPolicies.Remove(policy.Name);
                break;
        }

        account.Grants.Forget(found);
        account.Tags.Forget(found);
    }

    /// <summary>What a dropped role owned goes to the role that drops it.</summary>
    private static void RemoveRole(StatementContext context, RoleState role)
    {
        foreach (var owned in Shows.GrantRows.Owned(context.Account, role).Where(owned => owned != role).ToArray())
        {
            owned.Owner = context.Access.Primary;
            if (owned is SchemaObject { Id: >= GeneratedTables.FirstId } generated) generated.Schema.Keep(generated);
        }

        foreach (var other in context.Account.AllRoles) other.Granted.RemoveAll(grant => grant.Role == role);
        foreach (var user in context.Account.Users.Values) user.Roles.RemoveAll(grant => grant.Role == role);
        context.Account.Grants.ForgetGrantee(role);
        if (role.Database is { } database) database.Roles.Remove(role.Name);
        else context.Account.Roles.Remove(role.Name);
    }
}
