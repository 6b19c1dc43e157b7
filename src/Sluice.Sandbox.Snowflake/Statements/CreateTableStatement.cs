using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>CREATE [EXTERNAL | EVENT | ICEBERG | DYNAMIC] TABLE: by columns, as a query, or as a clone.</summary>
internal sealed class CreateTableStatement(CreateHead head, string text) : CreateObjectStatement(head)
{
    private static readonly ImmutableArray<ColumnState> EventColumns =
    [
        new("TIMESTAMP", new(SqlKind.TimestampNtz, 0, 9)), new("START_TIMESTAMP", new(SqlKind.TimestampNtz, 0, 9)), new("OBSERVED_TIMESTAMP", new(SqlKind.TimestampNtz, 0, 9)),
        new("TRACE", new(SqlKind.Object)), new("RESOURCE", new(SqlKind.Object)), new("RESOURCE_ATTRIBUTES", new(SqlKind.Object)), new("SCOPE", new(SqlKind.Object)),
        new("SCOPE_ATTRIBUTES", new(SqlKind.Object)), new("RECORD_TYPE", SqlType.Text), new("RECORD", new(SqlKind.Object)), new("RECORD_ATTRIBUTES", new(SqlKind.Object)),
        new("VALUE", new(SqlKind.Variant)), new("EXEMPLARS", new(SqlKind.Array)),
    ];

    public List<ColumnPlan> Columns { get; set; } = [];

    public OptionList Options { get; } = new();

    public string? Query { get; set; }

    public ObjectName? Source { get; set; }

    /// <summary>CLONE rather than LIKE.</summary>
    public bool Clones { get; set; }

    /// <summary>CLONE ... AT | BEFORE.</summary>
    public (bool IsBefore, string Kind, string Expression)? At { get; set; }

    public bool CopiesGrants { get; set; }

    public (ObjectName Policy, List<string> Columns)? RowAccess { get; set; }

    protected override bool KeepsGrants => CopiesGrants;

    protected override void Fill(StatementContext context, SchemaObject made)
    {
        made.Text = text;
        made.Body = Query;
        made.Comment = Options["COMMENT"];
        made.IsTransient = Head.Modifiers.Contains("TRANSIENT");
        made.IsTemporary = Head.Modifiers.Contains("TEMPORARY") || Head.Modifiers.Contains("TEMP");
        foreach (var (key, value) in Options.Values) made.Options[key] = value;
        made.Columns = ColumnsOf(context, made);
        SetTags(context, made, null, Options.Tags);
        foreach (var column in Columns)
        {
            SetTags(context, made, column.Name, column.Tags);
            if (column.Mask is { } mask) made.Columns = PolicyRules.WithMask(made, column.Name, MaskOf(context, made, column, mask));
        }

        if (RowAccess is { } rows) made.Policies = [PolicyRules.Bind(context, made, Domain.RowAccessPolicy, rows.Policy, rows.Columns)];
    }

    protected override void Finish(StatementContext context, SchemaObject made)
    {
        if (Query is not null) made.RowCount = context.Runtime.Engine.For(context.Session).CreateAs(context, made, Query);
        else if (Source is { } source && Clones) made.RowCount = context.Runtime.Engine.For(context.Session).Copy(context.Object(Domain.Table, source), made, OldRows(context, source));
        // Made at once, so that rows that come within a transaction find it.
        if (Head.Domain == Domain.Table) context.Runtime.Engine.For(context.Session).Ensure(made);
    }

    private string? OldRows(StatementContext context, ObjectName source)
    {
        if (At is not { } asked) return null;
        using var sources = new TableSources(context, []);
        var moment = TimeTravel.Read(context, asked.IsBefore, asked.Kind, SelectRewriter.Part(context, asked.Expression, sources));
        return TimeTravel.Rows(context, context.Object(Domain.Table, source), moment);
    }

    protected override SchemaObject? ClonedFrom(StatementContext context) => Source is { } source && Clones ? context.Object(Domain.Table, source) : null;

    private static PolicyReference MaskOf(StatementContext context, SchemaObject made, ColumnPlan column, ObjectName mask) =>
        PolicyRules.Bind(context, made, Domain.MaskingPolicy, mask, column.MaskColumns.Count > 0 ? column.MaskColumns : [column.Name]);

    private ImmutableArray<ColumnState> ColumnsOf(StatementContext context, SchemaObject made)
    {
        if (Source is { } source)
        {
            var from = context.Object(Domain.Table, source);
            context.Demand(from, "SELECT");
            foreach (var setting in context.Account.Tags.On(from)) context.Account.Tags.Set(made, null, setting.Tag, setting.Value, context.Now);
            foreach (var column in from.Columns)
            {
                foreach (var setting in context.Account.Tags.On(from, column.Name)) context.Account.Tags.Set(made, column.Name, setting.Tag, setting.Value, context.Now);
            }

            // A clone has the policies of its source; CREATE TABLE ... LIKE has no row access policy, and no masks here.
            if (!Clones) return [.. from.Columns.Select(column => column with { Mask = null })];
            made.Policies = from.Policies;
            return from.Columns;
        }

        if (Head.Domain == Domain.EventTable) return EventColumns;
        ImmutableArray<ColumnState> stated = [.. Columns.Select(column => column.State)];
        if (Head.Domain == Domain.ExternalTable) return [new("VALUE", new(SqlKind.Variant)), .. stated];
        if (Query is null) return stated;
        context.DemandWarehouse();
        var queried = SelectRewriter.Describe(context, Query);
        return [.. queried.Select((column, index) => index < stated.Length ? stated[index] : new ColumnState(column.Name, column.Type))];
    }
}
