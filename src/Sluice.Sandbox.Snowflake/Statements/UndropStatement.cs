using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>
/// UNDROP TABLE, SCHEMA and DATABASE: the last one dropped by that name comes back with what it held, its grants and its policies
/// (https://docs.snowflake.com/en/sql-reference/sql/undrop). It asks for ownership, as dropping does.
/// </summary>
internal sealed class UndropStatement(Domain domain, ObjectName name) : Statement
{
    public static UndropStatement Read(TokenReader reader)
    {
        var domain = reader.ReadDomain();
        if (domain is Domain.MaskingPolicy or Domain.RowAccessPolicy) throw SnowflakeException.Unsupported($"UNDROP not supported for objects of type {domain.Underscored()}");
        return domain is Domain.Table or Domain.Schema or Domain.Database ? new(domain, reader.ReadName()) : throw reader.Unexpected();
    }

    /// <summary>True for what Time Travel keeps when it is dropped.</summary>
    public static bool Keeps(Securable found) => found is DatabaseState { IsReadOnly: false } or SchemaState or SchemaObject { Domain: Domain.Table, IsTemporary: false, Id: < GeneratedTables.FirstId };

    /// <summary>Takes it out of its container and keeps all else as it is.</summary>
    public static void Detach(StatementContext context, Securable found)
    {
        found.IsDropped = true;
        switch (found)
        {
            case DatabaseState database:
                context.Account.Databases.Remove(database.Name);
                break;
            case SchemaState schema:
                schema.Database.Schemas.Remove(schema.Name);
                break;
            case SchemaObject table:
                table.Schema.Remove(table);
                break;
        }

        foreach (var tag in Tags(found)) context.Account.Tags.ForgetTag(tag);
        context.Account.Dropped.Add(found);
    }

    public override Outcome Execute(StatementContext context)
    {
        var found = context.Account.Dropped.FindLast(dropped => dropped.Domain == domain && dropped.Name == name.Name && IsHere(context, dropped)) ?? throw SnowflakeException.Missing(domain, name.ToString());
        context.DemandOwnership(found);
        Attach(context, found);
        found.IsDropped = false;
        context.Account.Dropped.Remove(found);
        return Outcome.Status($"{domain.Words()} {found.Name} successfully restored.");
    }

    private static IEnumerable<SchemaObject> Tags(Securable found) => found switch
    {
        DatabaseState database => database.Schemas.Values.SelectMany(Tags),
        SchemaState schema => schema.Of(Domain.Tag),
        _ => [],
    };

    private bool IsHere(StatementContext context, Securable dropped) => dropped switch
    {
        SchemaState schema => schema.Database == (name.Schema is { } database ? context.Database(database) : context.CurrentDatabase("UNDROP")),
        SchemaObject table => table.Schema == context.SchemaOf(name, "UNDROP"),
        _ => true,
    };

    private static void Attach(StatementContext context, Securable found)
    {
        var isTaken = found switch
        {
            DatabaseState database => !context.Account.Databases.TryAdd(database.Name, database),
            SchemaState schema => !schema.Database.Schemas.TryAdd(schema.Name, schema),
            SchemaObject table => table.Schema.Find(Domain.Table, table.Key) is not null,
            _ => false,
        };
        if (isTaken) throw SnowflakeException.Exists(found.Name);
        if (found is SchemaObject kept) kept.Schema.Put(kept);
    }
}
