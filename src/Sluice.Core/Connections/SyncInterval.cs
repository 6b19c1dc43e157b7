using Sluice.Core.Payloads;

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
        if (IsoDuration.HasCalendarPart(text))
        {
            problem = IsoDuration.NoCalendarPart;
            return null;
        }

        if (IsoDuration.Parse(text) is not { } interval || interval < Shortest || interval > Longest) return null;
        problem = null;
        return interval;
    }

    internal static string Print(TimeSpan interval) => IsoDuration.Print(interval);
}
