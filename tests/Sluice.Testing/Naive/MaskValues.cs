using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Core.Policies;

namespace Sluice.Testing.Naive;

/// <summary>What becomes of a value under a mask.</summary>
public static class MaskValues
{
    /// <summary>The masked value. A custom mask is the platform's own, so its values are not foretold.</summary>
    /// <exception cref="NaiveFaultException">A custom mask.</exception>
    public static object? Apply(MaskFunction function, ColumnKind kind, object? value, string salt)
    {
        if (!NaiveMasks.CanApply(function, kind)) return null;
        return function switch
        {
            MaskFunction.Null => null,
            // One value for all, for NULL as well: otherwise it would tell where there is none.
            MaskFunction.Constant(var text) => Constant(text, kind),
            MaskFunction.Custom => throw new NaiveFaultException("What a custom mask makes of a value only its platform knows."),
            _ when value is null => null,
            MaskFunction.Hash => Hash(value, salt),
            MaskFunction.Regex regex => Replace(regex, (string)value),
            MaskFunction.RoundNumber(var size) => RoundNumber(value, size),
            MaskFunction.RoundTime(var precision) => RoundTime(value, precision),
            _ => throw new NaiveFaultException($"No mask: {function}."),
        };
    }

    /// <summary>A constant as a value of a column.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static object? Constant(string text, ColumnKind kind) => kind switch
    {
        ColumnKind.Text => text,
        ColumnKind.Integer => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        ColumnKind.Numeric => decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture),
        ColumnKind.Date => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        ColumnKind.Timestamp => DateTime.ParseExact(text, "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        ColumnKind.Boolean => text == "true" || (text == "false" ? false : throw new FormatException($"'{text}' is no boolean.")),
        _ => null,
    };

    private static string Hash(object value, string salt) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(salt), .. Encoding.UTF8.GetBytes(NaiveValues.Canonical(value))]));

    private static string Replace(MaskFunction.Regex mask, string value) =>
        NaiveNames.Expression(mask.Pattern, mask.IgnoresCase).Replace(value, match => Replacement(mask.Replacement, match), mask.IsGlobal ? -1 : 1);

    /// <summary><c>\1</c> to <c>\9</c> for what a group matched, <c>\\</c> for a backslash.</summary>
    private static string Replacement(string text, Match match)
    {
        var replaced = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length) replaced.Append(text[i]);
            else if (text[++i] is >= '1' and <= '9') replaced.Append(match.Groups[text[i] - '0'].Value);
            else replaced.Append(text[i]);
        }

        return replaced.ToString();
    }

    private static object RoundNumber(object value, decimal size)
    {
        var number = (decimal)NaiveValues.Read(value)!;
        var above = number % size;
        if (above < 0) above += size;
        return value is decimal ? number - above : (object)(long)(number - above);
    }

    private static object RoundTime(object value, TimePrecision precision) => value switch
    {
        DateOnly date => DateOnly.FromDateTime(Truncate(date.ToDateTime(TimeOnly.MinValue), precision)),
        DateTime time => Truncate(time, precision),
        _ => throw new NaiveFaultException("Only a date or a time is rounded to a precision."),
    };

    private static DateTime Truncate(DateTime time, TimePrecision precision) => precision switch
    {
        TimePrecision.Second => new(time.Year, time.Month, time.Day, time.Hour, time.Minute, time.Second, time.Kind),
        TimePrecision.Minute => new(time.Year, time.Month, time.Day, time.Hour, time.Minute, 0, time.Kind),
        TimePrecision.Hour => new(time.Year, time.Month, time.Day, time.Hour, 0, 0, time.Kind),
        TimePrecision.Day => new(time.Year, time.Month, time.Day, 0, 0, 0, time.Kind),
        TimePrecision.Month => new(time.Year, time.Month, 1, 0, 0, 0, time.Kind),
        TimePrecision.Quarter => new(time.Year, ((time.Month - 1) / 3 * 3) + 1, 1, 0, 0, 0, time.Kind),
        TimePrecision.Year => new(time.Year, 1, 1, 0, 0, 0, time.Kind),
        _ => throw new NaiveFaultException($"No precision: {precision}."),
    };
}
