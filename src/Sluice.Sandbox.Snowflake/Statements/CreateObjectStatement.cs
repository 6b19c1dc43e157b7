using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>CREATE of an object that lies in a schema: where it may be made, what it replaces, and who then owns it.</summary>
internal abstract class CreateObjectStatement(CreateHead head) : Statement
{
    protected CreateHead Head => head;

    public sealed override Outcome Execute(StatementContext context)
    {
        var noun = head.Domain.Sql();
        var schema = context.SchemaOf(head.Name, $"CREATE {noun}");
        if (schema.Database.IsReadOnly || schema.Name == "INFORMATION_SCHEMA") throw SnowflakeException.Insufficient(Domain.Schema, schema.Name);
        RefuseByEdition(context);
        context.DemandPrimary(schema, $"CREATE {noun}");
        var made = Make(context, schema);
        var existing = schema.Find(made.Domain, made.Key);
        if (existing is not null && head.IfNotExists) return Outcome.Status($"{head.Name.Name} already exists, statement succeeded.");
        if (existing is not null && !head.Replaces) throw SnowflakeException.Exists(context.Access.Sees(existing) ? $"{schema.Database.Name}.{schema.Name}.{made.Name}" : made.Name);
        if (existing is not null) context.DemandOwnership(existing);
        Fill(context, made);
        // The grants of what is replaced come first, then those of what is cloned (https://docs.snowflake.com/en/sql-reference/sql/create-table).
        if (KeepsGrants && (existing ?? ClonedFrom(context)) is { } source) context.Account.Grants.Copy(source, made, context.Access.Primary);
        if (existing is not null) DropStatement.Remove(context, existing);
        schema.Put(made);
        schema.LastAltered = context.Now;
        if (!KeepsGrants) FutureGrants.Apply(context.Account, made, context.Now);
        Finish(context, made);
        return Outcome.Status($"{head.Domain.Words()} {made.Name} successfully created.");
    }

    /// <summary>COPY GRANTS: future grants are not given then.</summary>
    protected virtual bool KeepsGrants => false;

    protected virtual SchemaObject? ClonedFrom(StatementContext context) => null;

    /// <summary>The object with what decides its key, before anything is looked up for it.</summary>
    protected virtual SchemaObject Make(StatementContext context, SchemaState schema) => new(context.Account.NextId(), head.Domain, head.Name.Name, schema)
    {
        Owner = context.Access.Primary,
        MadeBy = context.Run.Id,
        CreatedOn = context.Now,
        LastAltered = context.Now,
        LastDdl = context.Now,
        LastDdlBy = context.Session.User.Name,
    };

    /// <summary>Everything else about it; what is named must be there.</summary>
    protected abstract void Fill(StatementContext context, SchemaObject made);

    /// <summary>What can only be done once it is in its schema.</summary>
    protected virtual void Finish(StatementContext context, SchemaObject made)
    {
    }

    protected static void SetTags(StatementContext context, SchemaObject made, string? column, IEnumerable<(Sql.ObjectName Tag, string Value)> tags)
    {
        foreach (var (tag, value) in tags) TagRules.Set(context, made, column, tag, value);
    }

    protected static ImmutableArray<string> Owned(IEnumerable<string> values) => [.. values];

    private void RefuseByEdition(StatementContext context)
    {
        if (context.Runtime.Options.Edition == SnowflakeEdition.Standard
            && head.Domain is Domain.MaskingPolicy or Domain.RowAccessPolicy or Domain.MaterializedView)
        {
            throw SnowflakeException.Unsupported($"CREATE {head.Domain.Sql()}");
        }
    }
}
