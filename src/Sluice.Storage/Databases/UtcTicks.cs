using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Sluice.Storage.Databases;

/// <summary>
/// Keeps a moment as its UTC ticks (100 ns since year 1): the same number on both databases, in order, and exactly what was given, which a
/// database's own microseconds would not be.
/// </summary>
internal sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(moment => moment.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero))
{
    public static DateTimeOffset Moment(long ticks) => new(ticks, TimeSpan.Zero);
}
