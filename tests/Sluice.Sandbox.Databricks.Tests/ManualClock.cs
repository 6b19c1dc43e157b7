namespace Sluice.Sandbox.Databricks.Tests;

/// <summary>A clock that a test moves.</summary>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public static ManualClock Started() => new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan by) => now += by;
}
