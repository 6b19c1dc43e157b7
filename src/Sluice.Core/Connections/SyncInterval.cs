using System.Xml;

namespace Sluice.Core.Connections;

/// <summary>Reads and writes <c>settings.objectSyncEvery</c>, an ISO 8601 duration.</summary>
internal static class SyncInterval
{
    internal static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private const string Expected =
        "must be an ISO 8601 duration of days, hours, minutes and seconds such as P1D, PT12H or PT15M, from one minute (PT1M) to 366 days (P366D)";

    /// <summary>The duration; null with <paramref name="problem"/> when it is none, or none that is allowed.</summary>
    internal static TimeSpan? Parse(string text, out string? problem)
    {
        problem = Expected;
        if (HasCalendarPart(text))
        {
            problem = "must not count in years or months, whose length varies: write days, as in P30D";
            return null;
        }

        if (Duration(text) is not { } interval || interval < Shortest || interval > Longest) return null;
        problem = null;
        return interval;
    }

    internal static string Print(TimeSpan interval) => XmlConvert.ToString(interval);

    // The framework reads a year as 365 days and a month as 30; nobody who writes P1M means that.
    private static bool HasCalendarPart(string text)
    {
        if (!text.StartsWith('P')) return false;
        var date = text.AsSpan();
        if (date.IndexOf('T') is >= 0 and var time) date = date[..time];
        return date.IndexOfAny('Y', 'M') >= 0;
    }

    private static TimeSpan? Duration(string text)
    {
        // The framework trims white space, and a text of any length would be its to parse.
        if (text.Length is 0 or > 40 || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])) return null;
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }
}
