using System.Globalization;

namespace Sluice.Core.Policies.Predicates;

/// <summary>A value as text, the same on every platform: what is hashed, and what is held against attribute values and groups.</summary>
public static class CanonicalText
{
    /// <summary>
    /// A text is itself; a number has no exponent and no zeros that say nothing; <c>true</c> and <c>false</c>; <c>2026-01-31</c>;
    /// <c>2026-01-31 23:59:59.5</c>. Null for what is no value of the language, and for NULL.
    /// </summary>
    public static string? Of(object? value) => value switch
    {
        string text => text,
        decimal number => Vocabulary.Of(number),
        bool boolean => boolean ? "true" : "false",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        _ => null,
    };
}
