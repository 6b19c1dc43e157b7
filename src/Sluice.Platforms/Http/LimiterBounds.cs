namespace Sluice.Platforms.Http;

/// <summary>How many requests a limiter lets run at once, and how it gives way.</summary>
public sealed record LimiterBounds
{
    /// <summary>At the start. Default 8.</summary>
    public int Initial { get; init; } = 8;

    /// <summary>At least. Default 1.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>At most. Default 32.</summary>
    public int Maximum { get; init; } = 32;

    /// <summary>What is left of the limit after a throttled request. Default one half.</summary>
    public double Decrease { get; init; } = 0.5;

    /// <summary>Whether they don't contradict each other.</summary>
    internal bool AreConsistent => Minimum >= 1 && Initial >= Minimum && Maximum >= Initial && Decrease is > 0 and < 1;
}
