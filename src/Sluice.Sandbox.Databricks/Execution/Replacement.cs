using Sluice.Sandbox.Databricks.Catalog;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>What becomes of what stood on a relation that CREATE OR REPLACE replaces.</summary>
internal static class Replacement
{
    /// <summary>
    /// A table's REPLACE keeps its privileges, row filter and column masks:
    /// https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-table-using. Of those whose columns the new table
    /// hasn't, the page says nothing; they are dropped, which protects least. A view's privileges are not kept, as
    /// https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-view has it: ALTER VIEW … AS keeps them.
    /// </summary>
    public static TableObject Of(TableObject old, TableObject made, bool keepsGuards)
    {
        made = made with { Owner = old.Owner, Tags = old.Tags, CreatedAt = old.CreatedAt, CreatedBy = old.CreatedBy };
        if (old.IsView || made.IsView) return made;
        if (!keepsGuards) return made with { Grants = old.Grants };
        return made with
        {
            Grants = old.Grants,
            RowFilter = made.RowFilter ?? (old.RowFilter is { } filter && HasAll(made, filter.Columns) ? filter : null),
            Columns = [.. made.Columns.Select(column => column.Mask is null && MaskOf(old, column.Name) is { } mask && HasAll(made, mask.Columns) ? column with { Mask = mask } : column)],
        };
    }

    private static ColumnMask? MaskOf(TableObject old, string column) => old.IndexOf(column) is >= 0 and var index ? old.Columns[index].Mask : null;

    private static bool HasAll(TableObject table, IEnumerable<string> columns) => columns.All(column => table.IndexOf(column) >= 0);
}
