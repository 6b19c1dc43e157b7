using System.Globalization;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Jobs;

/// <summary>Where a page of jobs ended.</summary>
internal readonly record struct JobPageToken(DateTimeOffset CreatedAt, long Number)
{
    public static string After(JobRow last) => $"{last.CreatedAt.UtcTicks:x}-{last.Number:x}";

    /// <exception cref="ArgumentException">It is none of ours.</exception>
    public static JobPageToken? Read(string? text)
    {
        if (text is null) return null;
        var parts = text.Split('-');
        if (parts.Length == 2 && Hex(parts[0], out var ticks) && Hex(parts[1], out var number) && ticks <= DateTimeOffset.MaxValue.Ticks)
            return new JobPageToken(UtcTicks.Moment(ticks), number);
        throw new ArgumentException("Not the 'next' of a page of jobs.", nameof(text));
    }

    private static bool Hex(string text, out long value) => long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0;
}
