namespace Sluice.Platforms.Databricks.Tests.Fakes;

/// <summary>The system's clock, set forward by hand. Timers stay the system's.</summary>
internal sealed class TestClock : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(_ahead.TotalSeconds * TimestampFrequency);
}
