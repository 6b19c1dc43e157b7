using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>ALTER TABLE | VIEW on columns: add, drop, rename, retype, comment, mask, tag.</summary>
internal sealed class AlterColumnsStatement(AlterHead head) : AlterStatement(head)
{
    public List<ColumnPlan> Add { get; init; } = [];

    public List<string> Drop { get; init; } = [];

    public (string From, string To)? Rename { get; init; }

    public List<ColumnChange> Changes { get; init; } = [];

    public bool IfExists { get; init; }

    protected override void Authorise(StatementContext context, Securable found)
    {
        // Masks and tags ask for privileges of their own.
        if (Add.Count + Drop.Count > 0 || Rename is not null || Changes.Exists(change => change.Type is not null || change.Comment is not null || change.Nullable is not null || change.DropsDefault))
        {
            context.DemandOwnership(found);
        }
    }

    protected override void Change(StatementContext context, Securable found)
    {
        var table = (SchemaObject)found;
        foreach (var plan in Add) AddColumn(context, table, plan);
        foreach (var name in Drop) DropColumn(context, table, name);
        if (Rename is { } rename) RenameColumn(context, table, rename.From, rename.To);
        foreach (var change in Changes) ChangeColumn(context, table, change);
    }

    private static bool Has(SchemaObject table, string column) => table.Columns.Any(candidate => candidate.Name == column);

    private void AddColumn(StatementContext context, SchemaObject table, ColumnPlan plan)
    {
        if (Has(table, plan.Name))
        {
            if (IfExists) return;
            throw new SnowflakeException("001430", "42601", $"SQL compilation error:\ncolumn '{plan.Name}' already exists");
        }

        table.Columns = table.Columns.Add(plan.State);
        context.Runtime.Engine.For(context.Session).AddColumn(table, plan.Name, plan.Type);
        foreach (var (tag, value) in plan.Tags) TagRules.Set(context, table, plan.Name, tag, value);
        if (plan.Mask is not { } mask) return;
        var bound = PolicyRules.Bind(context, table, Domain.MaskingPolicy, mask, plan.MaskColumns.Count > 0 ? plan.MaskColumns : [plan.Name]);
        table.Columns = PolicyRules.WithMask(table, plan.Name, bound);
    }

    private void DropColumn(StatementContext context, SchemaObject table, string name)
    {
        if (!Has(table, name))
        {
            if (IfExists) return;
            throw SnowflakeException.InvalidIdentifier(name);
        }

        if (table.Policies.Concat(table.Columns.Where(column => column.Name != name).Select(column => column.Mask).OfType<PolicyReference>()).Any(reference => reference.Columns.Contains(name)))
        {
            throw new SnowflakeException("003549", "42601", $"SQL compilation error:\nColumn '{name}' cannot be dropped because it is used by one or more policies.");
        }

        table.Columns = table.Columns.RemoveAll(column => column.Name == name);
        context.Runtime.Engine.For(context.Session).DropColumn(table, name);
        context.Account.Tags.Forget(table, name);
    }

    private static void RenameColumn(StatementContext context, SchemaObject table, string from, string to)
    {
        if (!Has(table, from)) throw SnowflakeException.InvalidIdentifier(from);
        if (Has(table, to)) throw new SnowflakeException("001430", "42601", $"SQL compilation error:\ncolumn '{to}' already exists");
        PolicyReference Renamed(PolicyReference reference) => reference with { Columns = [.. reference.Columns.Select(column => column == from ? to : column)] };
        table.Columns =
        [
            .. table.Columns.Select(column => (column.Name == from ? column with { Name = to } : column) with { Mask = column.Mask is null ? null : Renamed(column.Mask) }),
        ];
        table.Policies = [.. table.Policies.Select(Renamed)];
        context.Runtime.Engine.For(context.Session).RenameColumn(table, from, to);
        context.Account.Tags.RenameColumn(table, from, to);
    }

    /// <summary>USING names the masked column first (https://docs.snowflake.com/en/sql-reference/sql/alter-table-column).</summary>
    private static PolicyReference BindMask(StatementContext context, SchemaObject table, ColumnState column, ColumnChange change)
    {
        var columns = change.MaskColumns.Count > 0 ? change.MaskColumns : [column.Name];
        if (columns[0] != column.Name) throw SnowflakeException.Invalid($"The first column of USING must be the masked column '{column.Name}', not '{columns[0]}'.");
        return PolicyRules.Bind(context, table, Domain.MaskingPolicy, change.Mask!, columns);
    }

    private static void ChangeColumn(StatementContext context, SchemaObject table, ColumnChange change)
    {
        var column = table.Columns.FirstOrDefault(candidate => candidate.Name == change.Name) ?? throw SnowflakeException.InvalidIdentifier(change.Name);
        if (change.Mask is { } mask)
        {
            if (column.Mask is not null && !change.Force)
            {
                throw new SnowflakeException(
                    "003529", "42601", "SQL compilation error:\nSpecified column already attached to another masking policy. A column cannot be attached to multiple masking policies. Please drop the current association in order to attach a new masking policy.");
            }

            column = column with { Mask = BindMask(context, table, column, change) };
        }

        if (change.Unmasks && column.Mask is { } old)
        {
            PolicyRules.Demand(context, table, old.Policy);
            column = column with { Mask = null };
        }

        foreach (var (tag, value) in change.Tags) TagRules.Set(context, table, column.Name, tag, value);
        foreach (var tag in change.UnsetTags) TagRules.Unset(context, table, column.Name, tag);
        if (change.Comment is { } comment) column = column with { Comment = comment.Length > 0 ? comment : null };
        if (change.Nullable is { } nullable) column = column with { Nullable = nullable };
        if (change.DropsDefault) column = column with { Default = null };
        if (change.Type is { } type)
        {
            if (type.Kind != column.Type.Kind) throw new SnowflakeException("002108", "22000", $"SQL compilation error:\ncannot change column {column.Name} from type {column.Type} to {type}");
            column = column with { Type = type };
        }

        var changed = column;
        table.Columns = [.. table.Columns.Select(candidate => candidate.Name == changed.Name ? changed : candidate)];
    }
}
