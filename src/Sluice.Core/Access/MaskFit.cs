using System.Globalization;
using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>Which masks can apply to which columns. One that can't becomes NULL.</summary>
public static class MaskFit
{
    /// <summary>Whether a mask can apply to values of a family. Of <see cref="ColumnFamily.Other"/> every one is taken to: the platform's own types decide.</summary>
    public static bool CanApply(MaskFunction mask, ColumnFamily family) => family == ColumnFamily.Other || mask switch
    {
        MaskFunction.Constant constant => CanHold(family, constant.Value),
        MaskFunction.Hash => family is ColumnFamily.Text or ColumnFamily.Integer,
        MaskFunction.Regex => family == ColumnFamily.Text,
        // A whole number rounded to halves is itself: that would mask nothing.
        MaskFunction.RoundNumber round => round.BucketSize > 0 && (family == ColumnFamily.Number || (family == ColumnFamily.Integer && decimal.IsInteger(round.BucketSize))),
        // A day rounded to an hour is itself: that would mask nothing.
        MaskFunction.RoundTime round => family == ColumnFamily.Time || (family == ColumnFamily.Date && round.Precision > TimePrecision.Day),
        _ => true,
    };

    private static bool CanHold(ColumnFamily family, string value) => family switch
    {
        ColumnFamily.Integer => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        ColumnFamily.Number => decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _),
        ColumnFamily.Date => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ColumnFamily.Time => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        ColumnFamily.Boolean => bool.TryParse(value, out _),
        _ => true,
    };
}
