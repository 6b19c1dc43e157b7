using System.Globalization;

namespace Sluice.Sandbox.Snowflake.Results;

/// <summary>Values as the JSON result format spells them: everything is a string.</summary>
internal static class WireValues
{
    public static string? Text(object? value, SqlType type) => value switch
    {
        null or DBNull => null,
        string text => text,
        bool flag => type.Kind == SqlKind.Boolean ? (flag ? "1" : "0") : (flag ? "true" : "false"),
        DateTimeOffset instant => Instant(instant, type),
        DateTime moment => type.Kind == SqlKind.Date ? Days(DateOnly.FromDateTime(moment)) : Instant(new(DateTime.SpecifyKind(moment, DateTimeKind.Utc)), type),
        DateOnly day => Days(day),
        TimeOnly time => Fraction(time.Ticks),
        TimeSpan span => Fraction(span.Ticks),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        decimal number when type.Kind == SqlKind.Fixed => number.ToString($"F{type.Scale}", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>Reads a value back; what RESULT_SCAN sees of an earlier answer.</summary>
    public static object? Parse(string? text, SqlType type) => text is null ? null : type.Kind switch
    {
        SqlKind.Fixed when type.Scale == 0 => long.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? (object)whole : decimal.Parse(text, CultureInfo.InvariantCulture),
        SqlKind.Fixed => decimal.Parse(text, CultureInfo.InvariantCulture),
        SqlKind.Real => double.Parse(text, CultureInfo.InvariantCulture),
        SqlKind.Boolean => text == "1",
        SqlKind.Date => DateOnly.FromDayNumber(DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber + int.Parse(text, CultureInfo.InvariantCulture)),
        SqlKind.TimestampLtz or SqlKind.TimestampNtz or SqlKind.TimestampTz =>
            DateTimeOffset.UnixEpoch.AddTicks((long)(decimal.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond)),
        _ => text,
    };

    private static string Instant(DateTimeOffset instant, SqlType type)
    {
        var seconds = Fraction((instant - DateTimeOffset.UnixEpoch).Ticks);
        // The zone is its offset in minutes, moved by a day so that it is never negative.
        return type.Kind == SqlKind.TimestampTz ? $"{seconds} {1440 + (int)instant.Offset.TotalMinutes}" : seconds;
    }

    private static string Days(DateOnly day) =>
        (day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber).ToString(CultureInfo.InvariantCulture);

    private static string Fraction(long ticks) => ((decimal)ticks / TimeSpan.TicksPerSecond).ToString("F9", CultureInfo.InvariantCulture);
}
