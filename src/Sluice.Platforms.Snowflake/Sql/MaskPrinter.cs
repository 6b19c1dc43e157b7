using System.Globalization;
using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Snowflake.Enforcing;

namespace Sluice.Platforms.Snowflake.Sql;

/// <summary>Prints masks as the body of a Snowflake masking policy, whose value is <see cref="PredicatePrinter.Value"/>.</summary>
/// <param name="column">The column that is masked.</param>
/// <param name="names">Of the connection.</param>
/// <param name="functions">Which of the operator's may be called.</param>
internal sealed class MaskPrinter(GovernedColumn column, NativeNames names, MaskFunctions functions)
{
    // What a digest takes; a column that can't hold it has every query of it fail.
    private const int DigestLength = 64;

    private const string V = PredicatePrinter.Value;

    private readonly ColumnFamily _family = ColumnFamilies.Of(column.Type);
    private readonly (int? Size, int? Scale) _size = ColumnFamilies.SizeOf(column.Type);

    /// <summary>
    /// Whether a mask can apply to the column. A masked value has the column's type, and one that is longer or larger than the column allows makes the query
    /// fail (https://docs.snowflake.com/en/release-notes/bcr-bundles/2024_04/bcr-1355); so a number can't become a digest.
    /// </summary>
    public bool CanApply(MaskFunction mask) => mask switch
    {
        MaskFunction.Null => true,
        MaskFunction.Custom custom => functions.Of(custom, out _) is not null,
        _ when _family == ColumnFamily.Other || !MaskFit.CanApply(mask, _family) => false,
        MaskFunction.Constant constant => Constant(constant.Value) is not null,
        MaskFunction.Hash => _family == ColumnFamily.Text && _size.Size is null or >= DigestLength,
        MaskFunction.RoundNumber round => ColumnFamilies.Plain(column.Type) == "FLOAT" || round.BucketSize.Scale <= (_size.Scale ?? 0),
        MaskFunction.Regex regex => Quote.IsText(regex.Pattern) && Quote.IsText(regex.Replacement),
        _ => true,
    };

    /// <summary>The body: what the policy shows of the value.</summary>
    /// <param name="passes">SQL that is true for who is not masked, whatever the masks.</param>
    /// <param name="masks">At least one.</param>
    public string Body(string passes, IReadOnlyList<PrintedMask> masks)
    {
        var branches = MaskBranches.Of(masks, CanApply);
        var whens = branches.Branches.Select(b => $"WHEN {b.When} THEN {Masked(b.Function)} ");
        return $"CASE WHEN {passes} THEN {V} {(branches.NullWhen is { } when ? $"WHEN {when} THEN NULL " : "")}{string.Concat(whens)}ELSE {V} END";
    }

    /// <summary>The function that calls the operator's for a mask; null where it is not called.</summary>
    public CallingFunction? CallOf(MaskFunction mask) =>
        mask is MaskFunction.Custom custom && functions.Of(custom, out _) is { } name ? CallingFunction.Of(names, name.Names, ColumnFamilies.Argument(column.Type)) : null;

    private string Masked(MaskFunction mask) => mask switch
    {
        MaskFunction.Custom when CallOf(mask) is { } call => $"{names.Function(call.Name)}({V})",
        MaskFunction.Constant constant => Constant(constant.Value)!,
        MaskFunction.Hash => $"SHA2(CONCAT({names.Function("SALT")}(), {V}), 256)",
        MaskFunction.Regex regex =>
            $"REGEXP_REPLACE({V}, {Quote.Literal(regex.Pattern)}, {Quote.Literal(regex.Replacement)}, 1, {(regex.IsGlobal ? 0 : 1)}, '{(regex.IgnoresCase ? 'i' : 'c')}s')",
        MaskFunction.RoundNumber round => Rounded(round.BucketSize.ToString(CultureInfo.InvariantCulture)),
        MaskFunction.RoundTime round => Rounded(round.Precision),
        _ => throw new ArgumentException($"A {mask.GetType().Name} is no mask of a policy.", nameof(mask)),
    };

    // By the remainder, which is exact: a quotient of numbers is rounded, and may be rounded up.
    private string Rounded(string bucket) => ColumnFamilies.Plain(column.Type) is "FLOAT" or "DOUBLE" or "REAL"
        ? $"FLOOR({V} / {bucket}::FLOAT) * {bucket}::FLOAT"
        : $"{V} - MOD(MOD({V}, {bucket}) + {bucket}, {bucket})";

    // Where a day begins must not depend on the session's zone.
    private string Rounded(TimePrecision precision)
    {
        var unit = precision.ToString().ToUpperInvariant();
        return ColumnFamilies.Plain(column.Type) switch
        {
            "TIMESTAMP_LTZ" => $"DATE_TRUNC('{unit}', CONVERT_TIMEZONE('UTC', {V}))::TIMESTAMP_LTZ",
            "TIMESTAMP_TZ" => $"DATE_TRUNC('{unit}', CONVERT_TIMEZONE('UTC', {V}))",
            _ => $"DATE_TRUNC('{unit}', {V})",
        };
    }

    private string? Constant(string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        return _family switch
        {
            ColumnFamily.Text => Quote.IsText(text) && (_size.Size is not { } length || text.EnumerateRunes().Count() <= length) ? $"{Quote.Literal(text)}::VARCHAR" : null,
            ColumnFamily.Integer or ColumnFamily.Number =>
                decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, invariant, out var number) && Fits(number) ? number.ToString(invariant) : null,
            ColumnFamily.Date => PredicatePrinter.Day(text),
            ColumnFamily.Time => PredicatePrinter.Time(text, column.Type) is { } time ? $"{time}::{ColumnFamilies.Plain(column.Type)}" : null,
            ColumnFamily.Boolean => bool.TryParse(text, out var flag) ? flag ? "TRUE" : "FALSE" : null,
            _ => null,
        };
    }

    private bool Fits(decimal number)
    {
        if (_size.Size is not { } precision) return true;
        var scale = _size.Scale ?? 0;
        var whole = decimal.Truncate(Math.Abs(number));
        return number.Scale <= scale && (whole == 0 ? 0 : whole.ToString(CultureInfo.InvariantCulture).Length) <= precision - scale;
    }
}
