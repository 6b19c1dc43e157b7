namespace Sluice.Platforms.Http;

/// <summary>When a failed call is tried again: exponential backoff with full jitter, within a number of attempts and a deadline.</summary>
public sealed record RetryPolicy
{
    /// <summary>For background work: 8 attempts within 5 minutes.</summary>
    public static RetryPolicy Background { get; } = new();

    /// <summary>For a person who waits: an answer, or the reason why there is none, within 8 s.</summary>
    public static RetryPolicy Interactive { get; } =
        new() { Attempts = 3, MaxDelay = TimeSpan.FromSeconds(1), MaxRetryAfter = TimeSpan.FromSeconds(2), Deadline = TimeSpan.FromSeconds(8) };

    /// <summary>For what must not be sent twice.</summary>
    public static RetryPolicy None { get; } = new() { Attempts = 1 };

    /// <summary>How often a call is tried in all. Default 8.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>The longest pause after the first attempt; it doubles with each. Default 200 ms.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause. Default 20 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest pause a platform may ask for; who asks for more ends the call instead. Default 60 s.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long all attempts and pauses may take together. Default 5 min.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The pause after a failed attempt, or null when there is no next one.</summary>
    /// <param name="attempt">The attempt that failed; the first is 1.</param>
    /// <param name="retryAfter">What the platform asked for. Never undercut, and a little exceeded so that callers spread.</param>
    /// <param name="random">At least 0, less than 1.</param>
    public TimeSpan? NextDelay(int attempt, TimeSpan? retryAfter, double random)
    {
        if (attempt >= Attempts || retryAfter > MaxRetryAfter)
            return null;
        if (retryAfter is { } asked && asked > TimeSpan.Zero)
            return asked + (random * BaseDelay);

        // As a floating-point number it grows past every bound without overflow.
        var ceiling = Math.Min(MaxDelay.TotalMilliseconds, BaseDelay.TotalMilliseconds * Math.Pow(2, Math.Max(0, attempt - 1)));
        return TimeSpan.FromMilliseconds(random * ceiling);
    }
}
