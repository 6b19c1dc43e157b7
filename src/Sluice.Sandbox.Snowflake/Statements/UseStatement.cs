using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sessions;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>USE ROLE, WAREHOUSE, DATABASE, SCHEMA and SECONDARY ROLES.</summary>
internal sealed class UseStatement(Domain? domain, ObjectName? name, bool secondaryAll) : Statement
{
    /// <summary>USE SECONDARY ROLES with a list of names.</summary>
    public IReadOnlyList<string> SecondaryNames { get; init; } = [];

    public override bool Writes => false;

    public static UseStatement Read(TokenReader reader)
    {
        if (reader.Accept("SECONDARY", "ROLES"))
        {
            if (reader.Accept("ALL")) return new(null, null, secondaryAll: true);
            if (reader.Accept("NONE")) return new(null, null, secondaryAll: false);
            List<string> names = [];
            var inParentheses = reader.AcceptSymbol("(");
            do names.Add(reader.ReadIdentifier());
            while (reader.AcceptSymbol(","));
            if (inParentheses) reader.ExpectSymbol(")");
            return new(null, null, secondaryAll: false) { SecondaryNames = names };
        }

        foreach (var candidate in (Domain[])[Domain.Role, Domain.Warehouse, Domain.Database, Domain.Schema])
        {
            if (reader.Accept(candidate.Sql())) return new(candidate, reader.ReadName(), secondaryAll: false);
        }

        var target = reader.ReadName();
        return target.Schema is null ? new(Domain.Database, target, false) : new(Domain.Schema, target, false);
    }

    public override Outcome Execute(StatementContext context)
    {
        var session = context.Session;
        switch (domain)
        {
            case null:
                DemandAllowed(session);
                session.SecondaryRoles = [.. SecondaryNames.Select(secondary => Assumed(context, secondary))];
                session.SecondaryRolesAll = secondaryAll;
                break;
            case Domain.Role:
                session.Role = Assumed(context, name!.Name);
                break;
            case Domain.Warehouse:
                session.Warehouse = Reached(context.Account.Warehouses.GetValueOrDefault(name!.Name), context);
                break;
            case Domain.Database:
                UseDatabase(context, name!.Name);
                break;
            default:
                UseSchema(context);
                break;
        }

        return Outcome.Status("Statement executed successfully.", StatementTypes.Use);
    }

    /// <summary>
    /// Refused where no secondary role is allowed (https://docs.snowflake.com/en/user-guide/session-policies-using). Where some are, these are
    /// in force of those asked for, and the statement succeeds (https://docs.snowflake.com/en/sql-reference/sql/use-secondary-roles).
    /// </summary>
    private void DemandAllowed(Session session)
    {
        var asked = secondaryAll ? ["ALL"] : SecondaryNames;
        if (asked.Count == 0 || SecondaryRoleRules.AllowsAny(session.Policy)) return;
        throw new SnowflakeException("001008", "22023", $"SQL execution error: USE SECONDARY ROLES '[{string.Join(", ", asked)}]' not allowed as per session policy.");
    }

    private static RoleState Assumed(StatementContext context, string wanted)
    {
        var role = context.Account.Roles.GetValueOrDefault(wanted) ?? throw SnowflakeException.CannotOperate();
        var may = context.Session.IsSetup || role == context.Account.Public || Access.Closure(context.Session.User.Roles.Select(grant => grant.Role)).Contains(role);
        if (may && !context.Session.BlockedRoles.Contains(wanted) && (context.Session.MaySwitchRole || role == context.Session.Role)) return role;
        throw new SnowflakeException(
            "003013", "42501", $"SQL access control error:\nRequested role '{wanted}' is not assigned to the executing user. Specify another role to activate.");
    }

    private static void UseDatabase(StatementContext context, string wanted)
    {
        var database = Reached(context.Account.Databases.GetValueOrDefault(wanted), context);
        context.Session.Database = database;
        context.Session.Schema = database!.Schemas.TryGetValue("PUBLIC", out var schema) && context.Access.Sees(schema) ? schema : null;
    }

    private void UseSchema(StatementContext context)
    {
        var database = name!.Schema is { } stated ? Reached(context.Account.Databases.GetValueOrDefault(stated), context)! : context.CurrentDatabase("USE SCHEMA");
        var schema = Reached(database.Schemas.GetValueOrDefault(name.Name), context);
        (context.Session.Database, context.Session.Schema) = (database, schema);
    }

    private static T? Reached<T>(T? found, StatementContext context)
        where T : Securable => found is not null && context.Access.Sees(found) ? found : throw SnowflakeException.CannotOperate();
}
