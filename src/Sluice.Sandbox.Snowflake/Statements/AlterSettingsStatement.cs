using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>ALTER ... SET and UNSET of options.</summary>
internal sealed class AlterSettingsStatement(AlterHead head, IReadOnlyDictionary<string, string> set, List<string> unset) : AlterStatement(head)
{
    protected override void Authorise(StatementContext context, Securable found)
    {
        if (found is UserState user && user == context.Session.User && set.Keys.All(IsOwn) && unset.TrueForAll(IsOwn)) return;
        if (found is WarehouseState && set.ContainsKey("STATE")) context.Demand(found, "OPERATE");
        else if (found is WarehouseState or DatabaseState or SchemaState) context.Demand(found, "MODIFY");
        else if (found is AccountSecurable)
        {
            if (context.Access.Active.All(role => role.Name != "ACCOUNTADMIN")) throw SnowflakeException.Insufficient(Domain.Account, found.Name);
        }
        else context.DemandOwnership(found);
    }

    protected override void Change(StatementContext context, Securable found)
    {
        foreach (var (key, value) in set) Set(found, key, value);
        foreach (var key in unset) Unset(found, key);
        if (found is UserState user) UserOptions.Apply(user, set);
    }

    private static bool IsOwn(string key) => key is "DEFAULT_ROLE" or "DEFAULT_WAREHOUSE" or "DEFAULT_NAMESPACE" or "DEFAULT_SECONDARY_ROLES";

    private static void Set(Securable found, string key, string value)
    {
        switch (key)
        {
            case "COMMENT": found.Comment = value; break;
            case "SECURE" when found is SchemaObject view: view.IsSecure = true; break;
            case "MANAGED ACCESS" when found is SchemaState schema: schema.IsManaged = value == "TRUE"; break;
            case "STATE" when found is WarehouseState warehouse: warehouse.Suspended = value == "SUSPEND"; break;
            case "ENABLED" when found is IntegrationState integration: integration.Enabled = value == "TRUE"; break;
            case "DATA_RETENTION_TIME_IN_DAYS" when found is DatabaseState database && int.TryParse(value, out var days): database.RetentionDays = days; break;
            default: found.Options[key] = value; break;
        }
    }

    private static void Unset(Securable found, string key)
    {
        if (key == "COMMENT") found.Comment = null;
        else if (key == "SECURE" && found is SchemaObject view) view.IsSecure = false;
        else if (found is UserState user) UserOptions.Unset(user, key);
        found.Options.Remove(key);
    }
}

/// <summary>COMMENT [IF EXISTS] ON kind name IS '...'.</summary>
internal sealed class CommentStatement(AlterHead head, string? column, string comment) : AlterStatement(head)
{
    public static CommentStatement Read(TokenReader reader)
    {
        var ifExists = reader.Accept("IF", "EXISTS");
        reader.Expect("ON");
        if (reader.Accept("COLUMN"))
        {
            List<string> parts = [reader.ReadIdentifier()];
            while (reader.AcceptSymbol(".")) parts.Add(reader.ReadIdentifier());
            reader.Expect("IS");
            if (parts.Count < 2) throw reader.Unexpected();
            return new(new(Domain.Table, ObjectName.Of(parts[..^1]), ifExists), parts[^1], reader.ReadText());
        }

        var domain = reader.ReadDomain();
        var name = Signatures.Read(reader, domain);

        reader.Expect("IS");
        return new(new(domain, name, ifExists), null, reader.ReadText());
    }

    protected override void Change(StatementContext context, Securable found)
    {
        if (column is null)
        {
            found.Comment = comment;
            return;
        }

        var table = (SchemaObject)found;
        if (table.Columns.All(candidate => candidate.Name != column)) throw SnowflakeException.InvalidIdentifier(column);
        table.Columns = [.. table.Columns.Select(candidate => candidate.Name == column ? candidate with { Comment = comment } : candidate)];
    }
}
