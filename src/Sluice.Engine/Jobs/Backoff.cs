namespace Sluice.Engine.Jobs;

/// <summary>Exponential pauses with full jitter.</summary>
internal static class Backoff
{
    /// <summary>A pause between nothing and <c>base * 2^(attempt-1)</c>, at most <paramref name="longest"/>.</summary>
    /// <param name="attempt">The run that failed, from 1.</param>
    /// <param name="baseDelay">The ceiling after the first.</param>
    /// <param name="longest">The ceiling of ceilings.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan Delay(int attempt, TimeSpan baseDelay, TimeSpan longest, double random)
    {
        var ceiling = Math.Min(baseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(ceiling * random);
    }
}
