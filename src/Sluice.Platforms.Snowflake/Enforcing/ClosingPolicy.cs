using Sluice.Core.Access;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Policies that show nothing, but to who is excluded from policies altogether: each stands in the place of another for as long as neither what was set nor what
/// shall be set may take effect.
/// </summary>
/// <param name="names">How they are called.</param>
internal sealed class ClosingPolicy(NativeNames names)
{
    private readonly Dictionary<string, (string Mask, string Rows)> _ofTypes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>A column is NULL.</summary>
    public SetPolicy Mask(GovernedColumn column)
    {
        var text = MaskText(ColumnFamilies.Argument(column.Type));
        return new SetPolicy(column.Name, names.Mask(text), text, "NULL", [column.Name], "");
    }

    /// <summary>No row is seen. A policy takes at least one column; it is not looked at.</summary>
    public SetPolicy Rows(GovernedColumn column)
    {
        var text = RowsText(ColumnFamilies.Argument(column.Type));
        return new SetPolicy(null, names.Rows(text), text, Excluded, [column.Name], "");
    }

    /// <summary>Whether a policy on an object is one of these.</summary>
    public bool IsOne(GovernedObject of, string policy) => of.Columns.Any(c => NamesOf(ColumnFamilies.Argument(c.Type)) is var (mask, rows) && (policy == mask || policy == rows));

    private string Excluded => $"{names.Function(Support.IsExcluded)}()";

    private static string MaskText(string type) => $"AS (V {type}) RETURNS {type} -> NULL";

    private string RowsText(string type) => $"AS (A1 {type}) RETURNS BOOLEAN -> {Excluded}";

    private (string Mask, string Rows) NamesOf(string type)
    {
        lock (_lock)
            return _ofTypes.TryGetValue(type, out var known) ? known : _ofTypes[type] = (names.Mask(MaskText(type)), names.Rows(RowsText(type)));
    }
}
