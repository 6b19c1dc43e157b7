using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>CREATE [SECURE] [MATERIALIZED] VIEW.</summary>
internal sealed class CreateViewStatement(
    CreateHead head, List<ColumnPlan> columns, OptionList options, bool copiesGrants, (ObjectName Policy, List<string> Columns)? rowAccess, string query, string text)
    : CreateObjectStatement(head)
{
    protected override bool KeepsGrants => copiesGrants;

    protected override void Fill(StatementContext context, SchemaObject made)
    {
        made.Body = query;
        made.Text = text;
        made.IsSecure = Head.Modifiers.Contains("SECURE");
        made.IsTemporary = Head.Modifiers.Contains("TEMPORARY") || Head.Modifiers.Contains("TEMP");
        made.Comment = options["COMMENT"];
        var queried = Described(context, made);
        made.Columns =
        [
            .. queried.Select((column, index) => new ColumnState(index < columns.Count ? columns[index].Name : column.Name, column.Type)
            {
                Comment = index < columns.Count ? columns[index].Comment : null,
            }),
        ];
        SetTags(context, made, null, options.Tags);
        foreach (var column in columns)
        {
            SetTags(context, made, column.Name, column.Tags);
            if (column.Mask is not { } mask) continue;
            var bound = PolicyRules.Bind(context, made, Domain.MaskingPolicy, mask, column.MaskColumns.Count > 0 ? column.MaskColumns : [column.Name]);
            made.Columns = PolicyRules.WithMask(made, column.Name, bound);
        }

        if (rowAccess is { } rows) made.Policies = [PolicyRules.Bind(context, made, Domain.RowAccessPolicy, rows.Policy, rows.Columns)];
    }

    private IReadOnlyList<Results.ResultColumn> Described(StatementContext context, SchemaObject made)
    {
        using var rewritten = SelectRewriter.Rewrite(context, query);
        if (made.Domain == Domain.MaterializedView)
        {
            var tokens = Tokenizer.Read(query);
            PolicyConflicts.RefuseBase(context, rewritten.Sources.Tables, tokens.Any(token => token.IsSymbol("*")) ? null : tokens.Select(token => token.Value).ToHashSet(StringComparer.Ordinal));
            made.BaseTables = [.. rewritten.Sources.Tables.Select(table => table.Id)];
        }

        return context.Runtime.Engine.For(context.Session).Describe(rewritten.Sql);
    }
}
