using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>ALTER of something that must be there: finds it, asks for the right to change it, and notes the time.</summary>
internal abstract class AlterStatement(AlterHead head) : Statement
{
    protected AlterHead Head => head;

    public sealed override Outcome Execute(StatementContext context)
    {
        Securable found;
        try
        {
            found = context.Find(head.Domain, head.Name, describes: true);
        }
        catch (SnowflakeException problem) when (head.IfExists && problem.Code == "002003")
        {
            return Outcome.Status("Statement executed successfully.");
        }

        if ((found.Parent as SchemaState)?.Database.IsReadOnly == true) throw SnowflakeException.Insufficient(found.Domain, found.Name);
        Authorise(context, found);
        Change(context, found);
        if (found is SchemaObject kept && !kept.IsDropped) kept.Schema.Keep(kept);
        found.LastAltered = context.Now;
        found.LastDdl = context.Now;
        found.LastDdlBy = context.Session.User.Name;
        return Outcome.Done;
    }

    protected virtual void Authorise(StatementContext context, Securable found) => context.DemandOwnership(found);

    protected abstract void Change(StatementContext context, Securable found);
}

/// <summary>SET TAG on anything, or on a column of it.</summary>
internal sealed class SetTagsStatement(AlterHead head, string? column, List<(ObjectName Tag, string Value)> tags) : AlterStatement(head)
{
    protected override void Authorise(StatementContext context, Securable found)
    {
        // Each tag decides for itself.
    }

    protected override void Change(StatementContext context, Securable found)
    {
        foreach (var (tag, value) in tags) TagRules.Set(context, found, column, tag, value);
    }
}

/// <summary>UNSET TAG.</summary>
internal sealed class UnsetTagsStatement(AlterHead head, string? column, List<ObjectName> tags) : AlterStatement(head)
{
    protected override void Authorise(StatementContext context, Securable found)
    {
        // Each tag decides for itself.
    }

    protected override void Change(StatementContext context, Securable found)
    {
        foreach (var tag in tags) TagRules.Unset(context, found, column, tag);
    }
}

/// <summary>ALTER TAG ... ADD | DROP | UNSET ALLOWED_VALUES.</summary>
internal sealed class AlterTagStatement(AlterHead head, List<string> added, List<string> dropped, bool clears) : AlterStatement(head)
{
    protected override void Change(StatementContext context, Securable found)
    {
        var tag = (SchemaObject)found;
        tag.AllowedValues = clears ? [] : [.. tag.AllowedValues.Union(added).Except(dropped)];
    }
}

/// <summary>ALTER TAG ... SET | UNSET MASKING POLICY: one policy for each data type.</summary>
internal sealed class TagMaskStatement(AlterHead head, ObjectName policy, bool sets, bool force) : AlterStatement(head)
{
    protected override void Authorise(StatementContext context, Securable found)
    {
        if (!context.Access.Has(context.Account.Self, "APPLY MASKING POLICY")) context.DemandOwnership(found);
    }

    protected override void Change(StatementContext context, Securable found)
    {
        var tag = (SchemaObject)found;
        var mask = context.Object(Domain.MaskingPolicy, policy, "ALTER TAG");
        context.Demand(mask, "APPLY");
        if (!sets)
        {
            tag.Policies = tag.Policies.RemoveAll(reference => reference.Policy == mask);
            return;
        }

        var kind = mask.Arguments[0].Type.Kind;
        var known = tag.Policies.FirstOrDefault(reference => reference.Policy.Arguments[0].Type.Kind == kind);
        if (known is not null && !force) throw SnowflakeException.Invalid($"Tag '{tag.Name}' already has a masking policy for data type '{mask.Arguments[0].Type.Short}'.");
        tag.Policies = [.. tag.Policies.Where(reference => reference != known), new(mask, []) { On = context.Now }];
    }
}

/// <summary>ALTER MASKING | ROW ACCESS POLICY ... SET BODY.</summary>
internal sealed class AlterBodyStatement(AlterHead head, string body) : AlterStatement(head)
{
    protected override void Change(StatementContext context, Securable found)
    {
        PolicyCheck.Compile(context, (SchemaObject)found, body);
        ((SchemaObject)found).Body = body;
    }
}

/// <summary>ADD and DROP ROW ACCESS POLICY.</summary>
internal sealed class RowAccessStatement(AlterHead head, ObjectName? policy, List<string> columns, string? drops) : AlterStatement(head)
{
    protected override void Authorise(StatementContext context, Securable found)
    {
        if (drops is null) return;
        foreach (var reference in ((SchemaObject)found).Policies) PolicyRules.Demand(context, (SchemaObject)found, reference.Policy);
    }

    protected override void Change(StatementContext context, Securable found)
    {
        var table = (SchemaObject)found;
        var kept = drops is null ? table.Policies
            : drops.Length == 0 ? []
            : table.Policies.RemoveAll(reference => reference.Policy == context.Object(Domain.RowAccessPolicy, ObjectName.Parse(drops)));
        if (drops?.Length > 0 && kept.Length == table.Policies.Length) throw SnowflakeException.Missing(Domain.RowAccessPolicy, drops);
        if (policy is not null)
        {
            if (!kept.IsEmpty) throw new SnowflakeException("003549", "23505", $"SQL compilation error:\nObject {table.Name} already has a ROW_ACCESS_POLICY. Only one ROW_ACCESS_POLICY is allowed at a time.");
            kept = [PolicyRules.Bind(context, table, Domain.RowAccessPolicy, policy, columns)];
        }

        table.Policies = kept;
    }
}
