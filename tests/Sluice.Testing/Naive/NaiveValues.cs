using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Testing.Naive;

/// <summary>What predicates do with values. A value is null for NULL, a string, a decimal, a bool, a DateOnly or a DateTime in UTC.</summary>
internal static class NaiveValues
{
    /// <summary>A value as a row holds it, whole numbers as the numbers they are.</summary>
    internal static object? Read(object? value) => value switch
    {
        int number => (decimal)number,
        long number => (decimal)number,
        null or string or decimal or bool or DateOnly or DateTime => value,
        _ => throw new NaiveFaultException($"No value of the language: a {value.GetType().Name}."),
    };

    /// <summary>The one text of a value: numbers without superfluous zeros, times in ISO 8601.</summary>
    internal static string Canonical(object value) => Read(value) switch
    {
        string text => text,
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        var other => throw new NaiveFaultException($"{other} has no text."),
    };

    internal static Truth Compare(ComparisonOperator comparison, object? left, object? right)
    {
        if (left is null || right is null) return Truth.Unknown;
        var order = Order(left, right);
        return Truths.Of(comparison switch
        {
            ComparisonOperator.Equal => order == 0,
            ComparisonOperator.NotEqual => order != 0,
            ComparisonOperator.Less => order < 0,
            ComparisonOperator.LessOrEqual => order <= 0,
            ComparisonOperator.Greater => order > 0,
            ComparisonOperator.GreaterOrEqual => order >= 0,
            _ => throw new NaiveFaultException($"No comparison: {comparison}."),
        });
    }

    private static int Order(object left, object right) => (left, right) switch
    {
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (decimal a, decimal b) => a.CompareTo(b),
        (bool a, bool b) => a.CompareTo(b),
        (DateOnly a, DateOnly b) => a.CompareTo(b),
        (DateTime a, DateTime b) => a.CompareTo(b),
        // The language has no literal for a date: a text beside one is read as one.
        (DateOnly a, string b) => a.CompareTo(Date(b)),
        (string a, DateOnly b) => Date(a).CompareTo(b),
        _ => throw new NaiveFaultException($"A {left.GetType().Name} can't be compared with a {right.GetType().Name}."),
    };

    private static DateOnly Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new NaiveFaultException($"'{text}' is no date.");

    internal static Truth Like(object? value, string pattern) => value switch
    {
        null => Truth.Unknown,
        string text => Truths.Of(IsLike([.. text.EnumerateRunes()], [.. pattern.EnumerateRunes()])),
        _ => throw new NaiveFaultException("LIKE is for texts."),
    };

    private static bool IsLike(ReadOnlySpan<Rune> text, ReadOnlySpan<Rune> pattern)
    {
        if (pattern.Length == 0) return text.Length == 0;
        if (pattern[0].Value == '%') return IsLike(text, pattern[1..]) || (text.Length > 0 && IsLike(text[1..], pattern));
        return text.Length > 0 && (pattern[0].Value == '_' || pattern[0] == text[0]) && IsLike(text[1..], pattern[1..]);
    }

    internal static Truth IsNewerThan(object? value, TimeSpan age, DateTimeOffset now) => value switch
    {
        null => Truth.Unknown,
        // A date is the moment at which it begins, in UTC: the day on which the limit falls is out.
        DateOnly date => Truths.Of(date.ToDateTime(TimeOnly.MinValue) >= now.UtcDateTime - age),
        DateTime time => Truths.Of(time >= now.UtcDateTime - age),
        _ => throw new NaiveFaultException("Only a date or a time is newer than something."),
    };

    internal static Truth IsInShare(object? value, int percent)
    {
        if (value is null) return Truth.Unknown;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(value)));
        var number = ((ulong)hash[0] << 24) | ((ulong)hash[1] << 16) | ((ulong)hash[2] << 8) | hash[3];
        return Truths.Of(number * 100 < (ulong)percent << 32);
    }

    internal static object? Call(ScalarFunction function, IReadOnlyList<object?> arguments)
    {
        if (function == ScalarFunction.Coalesce) return arguments.FirstOrDefault(a => a is not null);
        if (arguments.Count != 1) throw new NaiveFaultException($"{function} takes one argument.");
        return (function, arguments[0]) switch
        {
            (_, null) => null,
            (ScalarFunction.Lower, string text) => text.ToLowerInvariant(),
            (ScalarFunction.Upper, string text) => text.ToUpperInvariant(),
            (ScalarFunction.Trim, string text) => text.Trim(' '),
            (ScalarFunction.Length, string text) => (decimal)text.EnumerateRunes().Count(),
            (ScalarFunction.Abs, decimal number) => Math.Abs(number),
            (_, var other) => throw new NaiveFaultException($"{function} does not take a {other.GetType().Name}."),
        };
    }
}
