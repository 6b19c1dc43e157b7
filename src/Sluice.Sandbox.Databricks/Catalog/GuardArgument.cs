namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>What a mask or row filter is given beside the masked column: a column of the table or a constant.</summary>
/// <param name="Column">The column's name; null for a constant.</param>
/// <param name="Constant">The constant as the catalog shows it: a text without its quotes, a number, true, false or NULL.</param>
/// <param name="IsText">The constant is a text.</param>
internal sealed record GuardArgument(string? Column, string? Constant = null, bool IsText = false)
{
    public static GuardArgument Of(string column) => new(column);

    public override string ToString() => Column ?? (IsText ? $"'{Constant}'" : Constant!);
}
