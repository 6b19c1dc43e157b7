using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sessions;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>CREATE of databases, schemas, roles, users, warehouses, integrations and policies of the account.</summary>
internal sealed class CreatePlainStatement(CreateHead head, OptionList options, ObjectName? source) : Statement
{
    public override Outcome Execute(StatementContext context)
    {
        var name = head.Name.Name;
        if (head.Domain == Domain.SessionPolicy) return CreateSessionPolicy(context);
        DemandPrivilege(context);
        var existing = Existing(context);
        if (existing is not null && head.IfNotExists) return Outcome.Status($"{name} already exists, statement succeeded.");
        if (existing is not null && !head.Replaces) throw SnowflakeException.Exists(name);
        if (existing is not null)
        {
            context.DemandOwnership(existing);
            DropStatement.Remove(context, existing);
        }

        var made = Make(context);
        made.Owner = context.Access.Primary;
        made.Comment = options["COMMENT"] ?? made.Comment;
        (made.CreatedOn, made.LastAltered, made.LastDdl) = (context.Now, context.Now, context.Now);
        foreach (var (key, value) in options.Values) made.Options[key] = value;
        FutureGrants.Apply(context.Account, made, context.Now);
        foreach (var (tag, value) in options.Tags) TagRules.Set(context, made, null, tag, value);
        if (made is DatabaseState database) context.Session.Database = database;
        if (made is DatabaseState or SchemaState) context.Session.Schema = made as SchemaState ?? ((DatabaseState)made).Schemas.GetValueOrDefault("PUBLIC");
        return Outcome.Status($"{head.Domain.Words()} {name} successfully created.");
    }

    private Outcome CreateSessionPolicy(StatementContext context)
    {
        var schema = context.SchemaOf(head.Name, "CREATE SESSION POLICY");
        context.DemandPrimary(schema, "CREATE SESSION POLICY");
        if (schema.Find(Domain.SessionPolicy, head.Name.Name) is not null && !head.Replaces)
        {
            return head.IfNotExists ? Outcome.Status($"{head.Name.Name} already exists, statement succeeded.") : throw SnowflakeException.Exists(head.Name.Name);
        }

        if (schema.Find(Domain.SessionPolicy, head.Name.Name) is { } replaced) SecondaryRoleRules.DemandUnset(context.Account, replaced);
        var made = new SchemaObject(context.Account.NextId(), Domain.SessionPolicy, head.Name.Name, schema) { Owner = context.Access.Primary, CreatedOn = context.Now, Comment = options["COMMENT"] };
        foreach (var (key, value) in options.Values) made.Options[key] = value;
        schema.Put(made);
        return Outcome.Status($"Session Policy {head.Name.Name} successfully created.");
    }

    private void DemandPrivilege(StatementContext context)
    {
        switch (head.Domain)
        {
            case Domain.Schema:
                var database = Container(context);
                if (database.IsReadOnly) throw SnowflakeException.Insufficient(Domain.Database, database.Name);
                context.DemandPrimary(database, "CREATE SCHEMA");
                break;
            case Domain.DatabaseRole:
                context.DemandPrimary(Container(context), "CREATE DATABASE ROLE");
                break;
            case Domain.Integration:
                if (!context.Access.PrimaryHas(context.Account.Self, "CREATE SECURITY INTEGRATION")) context.DemandPrimary(context.Account.Self, "CREATE INTEGRATION");
                break;
            case Domain.Database when head.Modifiers.Any(modifier => modifier.StartsWith("SHARE ", StringComparison.Ordinal)):
                context.DemandPrimary(context.Account.Self, "IMPORT SHARE");
                break;
            default:
                context.DemandPrimary(context.Account.Self, $"CREATE {head.Domain.Sql()}");
                break;
        }
    }

    private DatabaseState Container(StatementContext context) =>
        head.Name.Schema is { } stated ? context.Database(stated) : context.CurrentDatabase($"CREATE {head.Domain.Sql()}");

    private Securable? Existing(StatementContext context)
    {
        var name = head.Name.Name;
        return head.Domain switch
        {
            Domain.Database => context.Account.Databases.GetValueOrDefault(name),
            Domain.Schema => Container(context).Schemas.GetValueOrDefault(name),
            Domain.Role => context.Account.Roles.GetValueOrDefault(name),
            Domain.DatabaseRole => Container(context).Roles.GetValueOrDefault(name),
            Domain.User => context.Account.Users.GetValueOrDefault(name),
            Domain.Warehouse => context.Account.Warehouses.GetValueOrDefault(name),
            Domain.Integration => context.Account.Integrations.GetValueOrDefault(name),
            _ => context.Account.NetworkPolicies.GetValueOrDefault(name),
        };
    }

    private Securable Make(StatementContext context)
    {
        var (account, name, id) = (context.Account, head.Name.Name, context.Account.NextId());
        switch (head.Domain)
        {
            case Domain.Database:
                return account.Databases[name] = MakeDatabase(context, id);
            case Domain.Schema:
                return Schemas.Add(account, Container(context), name, context, options, head.Modifiers, source);
            case Domain.Role:
                return account.Roles[name] = new(id, name);
            case Domain.DatabaseRole:
                var database = Container(context);
                return database.Roles[name] = new(id, name, database);
            case Domain.User:
                var user = new UserState(id, name);
                UserOptions.Apply(user, options.Values);
                return account.Users[name] = user;
            case Domain.Warehouse:
                var warehouse = account.Warehouses[name] = new(id, name) { Size = Shown(options["WAREHOUSE_SIZE"] ?? "XSMALL"), Suspended = options["INITIALLY_SUSPENDED"] == "TRUE" };
                context.Session.Warehouse = warehouse;
                return warehouse;
            case Domain.Integration:
                return account.Integrations[name] = new(id, name, IntegrationType(), "SECURITY") { Enabled = options["ENABLED"] != "FALSE" };
            default:
                return account.NetworkPolicies[name] = new(id, name);
        }
    }

    private DatabaseState MakeDatabase(StatementContext context, long id)
    {
        var share = head.Modifiers.FirstOrDefault(modifier => modifier.StartsWith("SHARE ", StringComparison.Ordinal))?["SHARE ".Length..];
        var made = new DatabaseState(id, head.Name.Name)
        {
            Kind = share is null ? "STANDARD" : "IMPORTED DATABASE",
            Origin = share ?? "",
            IsTransient = head.Modifiers.Contains("TRANSIENT"),
            Owner = context.Access.Primary,
        };
        if (int.TryParse(options["DATA_RETENTION_TIME_IN_DAYS"], out var days)) made.RetentionDays = days;
        Schemas.AddInformationSchema(context.Account, made, context.Now);
        if (source is { } from)
        {
            var original = context.Database(from.Name);
            var clone = new ContainerClone(context);
            foreach (var schema in original.Schemas.Values.Where(schema => schema.Name != "INFORMATION_SCHEMA")) context.Account.Grants.Copy(schema, clone.Add(schema, made, schema.Name));
            clone.Finish();
        }
        else if (share is null) Schemas.Add(context.Account, made, "PUBLIC", context, new(), [], null).Comment = null;
        return made;
    }

    private string IntegrationType() => options["TYPE"] == "EXTERNAL_OAUTH" ? $"EXTERNAL_OAUTH - {options["EXTERNAL_OAUTH_TYPE"] ?? "CUSTOM"}" : options["TYPE"] ?? "";

    private static string Shown(string size) => size.ToUpperInvariant() switch
    {
        "XSMALL" or "X-SMALL" => "X-Small",
        "SMALL" => "Small",
        "MEDIUM" => "Medium",
        "LARGE" => "Large",
        _ => size,
    };
}
