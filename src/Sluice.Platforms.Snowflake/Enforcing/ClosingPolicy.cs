using Sluice.Core.Access;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Policies that show nothing, but to those whom policies pass over altogether: each stands in the place of another for as long as neither what was set nor what
/// shall be set may take effect.
/// </summary>
/// <param name="names">How they are called.</param>
/// <param name="passes">The expression that says whom they pass over.</param>
internal sealed class ClosingPolicy(NativeNames names, string passes)
{
    private const string Shared = "EXEMPT_OTHER_POLICIES";

    private readonly string _maskBody = $"CASE WHEN {passes} THEN {PredicatePrinter.Value} ELSE NULL END";
    private readonly Dictionary<string, (string Mask, string Rows)> _ofTypes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>
    /// A column is NULL. It may stand in a row access policy too, which no other mask of ours lets it: where every column has a mask, rows that go need one to stand on
    /// (EXEMPT_OTHER_POLICIES, https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy).
    /// </summary>
    public SetPolicy Mask(GovernedColumn column)
    {
        var type = ColumnFamilies.Argument(column.Type);
        return new SetPolicy(column.Name, NamesOf(type).Mask, MaskText(type), _maskBody, [column.Name], "");
    }

    /// <summary>No row is seen. A policy takes at least one column; it is not looked at.</summary>
    public SetPolicy Rows(GovernedColumn column)
    {
        var type = ColumnFamilies.Argument(column.Type);
        return new SetPolicy(null, NamesOf(type).Rows, RowsText(type), passes, [column.Name], "");
    }

    /// <summary>Whether a policy on an object is one of these.</summary>
    public bool IsOne(GovernedObject of, string policy) => of.Columns.Any(c => NamesOf(ColumnFamilies.Argument(c.Type)) is var (mask, rows) && (policy == mask || policy == rows));

    /// <summary>Whether a policy is one of the masks that were given out here.</summary>
    public bool IsMask(string policy)
    {
        lock (_lock) return _ofTypes.Values.Any(n => n.Mask == policy);
    }

    private string MaskText(string type) => $"AS ({PredicatePrinter.Value} {type}) RETURNS {type} -> {_maskBody}";

    private string RowsText(string type) => $"AS ({PredicatePrinter.Argument(0)} {type}) RETURNS BOOLEAN -> {passes}";

    private (string Mask, string Rows) NamesOf(string type)
    {
        lock (_lock)
            return _ofTypes.TryGetValue(type, out var known) ? known : _ofTypes[type] = (names.Mask($"{MaskText(type)} {Shared}"), names.Rows(RowsText(type)));
    }
}
