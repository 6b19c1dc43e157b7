using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Metadata;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Makes schemas.</summary>
internal static class Schemas
{
    public static SchemaState Add(
        AccountState account, DatabaseState database, string name, StatementContext context, OptionList options, HashSet<string> modifiers, ObjectName? source)
    {
        if (source is { } from) return ContainerClone.Of(context, context.Schema(from.Schema, from.Name, "CLONE"), database, name);
        var made = new SchemaState(account.NextId(), name, database)
        {
            Owner = context.Access.Primary,
            IsManaged = modifiers.Contains("MANAGED"),
            IsTransient = modifiers.Contains("TRANSIENT") || database.IsTransient,
            Comment = options["COMMENT"],
            CreatedOn = context.Now,
            LastAltered = context.Now,
        };
        database.Schemas[name] = made;
        return made;
    }

    public static void AddInformationSchema(AccountState account, DatabaseState database, DateTimeOffset now)
    {
        var made = new SchemaState(account.NextId(), "INFORMATION_SCHEMA", database)
        {
            CreatedOn = now,
            LastAltered = now,
            Comment = "Views describing the contents of schemas in this database",
        };
        database.Schemas[made.Name] = made;
        foreach (var relation in InformationSchemaRelations.All) AddView(account, made, relation, now);
    }

    /// <summary>A view that Snowflake itself has, whose rows are computed.</summary>
    public static SchemaObject AddView(AccountState account, SchemaState schema, IRelation relation, DateTimeOffset now)
    {
        var made = new SchemaObject(account.NextId(), Domain.View, relation.Name, schema)
        {
            Columns = [.. relation.Columns.Select(column => new ColumnState(column.Name, column.Type))],
            CreatedOn = now,
            LastAltered = now,
            LastDdl = now,
        };
        schema.Put(made);
        return made;
    }
}
