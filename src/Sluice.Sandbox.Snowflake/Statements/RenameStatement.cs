using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>ALTER ... RENAME TO, which can move a table to another schema. Grants, tags and policies follow.</summary>
internal sealed class RenameStatement(AlterHead head, ObjectName to) : AlterStatement(head)
{
    protected override void Change(StatementContext context, Securable found)
    {
        var account = context.Account;
        switch (found)
        {
            case DatabaseState database:
                Move(account.Databases, database);
                break;
            case SchemaState schema:
                Move(schema.Database.Schemas, schema);
                break;
            case SchemaObject renamed:
                MoveObject(context, renamed);
                break;
            case RoleState { Database: null } role:
                Move(account.Roles, role);
                break;
            case RoleState role:
                Move(role.Database.Roles, role);
                break;
            case UserState user:
                Move(account.Users, user);
                break;
            case WarehouseState warehouse:
                Move(account.Warehouses, warehouse);
                break;
            default:
                throw SnowflakeException.Unsupported($"RENAME {found.Domain.Sql()}");
        }
    }

    private void MoveObject(StatementContext context, SchemaObject renamed)
    {
        var target = to.Schema is null ? renamed.Schema : context.SchemaOf(to, "RENAME");
        if (target.Find(renamed.Domain, to.Name) is not null) throw SnowflakeException.Exists(to.Name);
        if (target != renamed.Schema) context.DemandPrimary(target, $"CREATE {renamed.Domain.Sql()}");
        renamed.Schema.Remove(renamed);
        renamed.Name = to.Name;
        target.Put(renamed);
    }

    private void Move<T>(SortedDictionary<string, T> within, T moved)
        where T : Securable
    {
        if (within.ContainsKey(to.Name)) throw SnowflakeException.Exists(to.Name);
        within.Remove(moved.Name);
        moved.Name = to.Name;
        within[to.Name] = moved;
    }
}

/// <summary>ALTER TABLE ... SWAP WITH: the two exchange names; everything else stays with each.</summary>
internal sealed class SwapStatement(AlterHead head, ObjectName with) : AlterStatement(head)
{
    protected override void Change(StatementContext context, Securable found)
    {
        if (found is not SchemaObject first) throw SnowflakeException.Unsupported("SWAP WITH");
        var second = context.Object(first.Domain, with);
        context.DemandOwnership(second);
        var (firstSchema, firstName, secondSchema, secondName) = (first.Schema, first.Name, second.Schema, second.Name);
        firstSchema.Remove(first);
        secondSchema.Remove(second);
        (first.Name, second.Name) = (secondName, firstName);
        secondSchema.Put(first);
        firstSchema.Put(second);
    }
}
