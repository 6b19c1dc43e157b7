using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Queries;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>CREATE [SECURE] [MATERIALIZED] VIEW.</summary>
internal sealed class CreateViewStatement(CreateHead head, List<ColumnPlan> columns, OptionList options, bool copiesGrants, string query, string text)
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
        var queried = SelectRewriter.Describe(context, query);
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
    }
}
