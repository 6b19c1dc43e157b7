using System.Xml;

namespace Sluice.Core.Payloads;

/// <summary>Reads and writes ISO 8601 durations of days, hours, minutes and seconds.</summary>
internal static class IsoDuration
{
    internal const string NoCalendarPart = "must not count in years or months, whose length varies: write days, as in P30D";

    private const int MaxLength = 40;

    /// <summary>Whether it counts in years or months: the framework reads a year as 365 days and a month as 30, and nobody who writes P1M means that.</summary>
    internal static bool HasCalendarPart(string text)
    {
        if (!text.StartsWith('P')) return false;
        var date = text.AsSpan();
        if (date.IndexOf('T') is >= 0 and var time) date = date[..time];
        return date.IndexOfAny('Y', 'M') >= 0;
    }

    /// <summary>The duration; null when it is none.</summary>
    internal static TimeSpan? Parse(string text)
    {
        // The framework trims white space, and a text of any length would be its to parse.
        if (text.Length is 0 or > MaxLength || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])) return null;
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }

    internal static string Print(TimeSpan duration) => XmlConvert.ToString(duration);
}
