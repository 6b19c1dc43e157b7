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
        if (source is { } from) return Clone(context, context.Schema(from.Schema, from.Name, "CLONE"), database, name);
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

    /// <summary>A clone of a schema: its tables with rows and tags, and its other objects; grants on the copies are not cloned to the container.</summary>
    public static SchemaState Clone(StatementContext context, SchemaState original, DatabaseState database, string name)
    {
        var made = new SchemaState(context.Account.NextId(), name, database)
        {
            Owner = context.Access.Primary,
            IsManaged = original.IsManaged,
            CreatedOn = context.Now,
            LastAltered = context.Now,
            Comment = original.Comment,
        };
        database.Schemas[name] = made;
        var engine = context.Runtime.Engine.For(context.Session);
        foreach (var child in original.Tables().Concat(original.Stated.Where(other => !other.Domain.IsTableLike())).ToArray())
        {
            var copy = new SchemaObject(context.Account.NextId(), child.Domain, child.Name, made)
            {
                Owner = child.Owner,
                Columns = child.Columns,
                Body = child.Body,
                Text = child.Text,
                Arguments = child.Arguments,
                Returns = child.Returns,
                IsSecure = child.IsSecure,
                IsTransient = child.IsTransient,
                AllowedValues = child.AllowedValues,
                Policies = child.Policies,
                Comment = child.Comment,
                CreatedOn = context.Now,
                LastAltered = context.Now,
                LastDdl = context.Now,
            };
            made.Put(copy);
            // Privileges on the children of a cloned container are cloned with them.
            context.Account.Grants.Copy(child, copy);
            foreach (var setting in context.Account.Tags.On(child)) context.Account.Tags.Set(copy, null, setting.Tag, setting.Value, context.Now);
            if (child.Domain == Domain.Table) copy.RowCount = engine.Copy(child, copy);
        }

        return made;
    }
}
