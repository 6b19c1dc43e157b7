using System.Globalization;

namespace Sluice.Platforms.Snowflake.Auditing;

/// <summary>
/// Moments as the session protocol writes them, seconds since 1970 with a fraction (the vendor's drivers), and as SQL reads them ("Date and time input and output
/// formats", https://docs.snowflake.com/en/sql-reference/date-time-input-output).
/// </summary>
internal static class AccountTime
{
    /// <summary>A moment of a result; null of NULL.</summary>
    /// <exception cref="PlatformException">It is none.</exception>
    public static DateTimeOffset? Read(string? cell)
    {
        if (string.IsNullOrEmpty(cell)) return null;

        // A time zone's offset may stand behind it, after a space: the seconds are those of UTC all the same.
        var seconds = cell.AsSpan();
        if (seconds.IndexOf(' ') is > 0 and var space) seconds = seconds[..space];
        if (decimal.TryParse(seconds, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var since)
            && since is > -62_135_596_800m and < 253_402_300_800m)
            return DateTimeOffset.UnixEpoch.AddTicks((long)(since * TimeSpan.TicksPerSecond));
        throw new PlatformException(PlatformFailure.Refused, "A time in Snowflake's query history is none.");
    }

    /// <summary>A moment as a text that casts to a timestamp with a time zone.</summary>
    public static string Write(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
