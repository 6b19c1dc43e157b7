namespace Sluice.Platforms.Databricks.Sql;

/// <summary>Looks at something that runs until it has come to an end or its time is over.</summary>
/// <param name="time">The clock.</param>
/// <param name="longestPause">Between two looks; the first pauses are shorter.</param>
/// <param name="limit">How long it may take in all.</param>
internal sealed class Waiting(TimeProvider time, TimeSpan longestPause, TimeSpan limit)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>The most it waits.</summary>
    public TimeSpan Limit => limit;

    /// <summary>The last thing that was seen: ended, or still under way after the limit.</summary>
    public async Task<T> UntilAsync<T>(
        T seen, Func<T, bool> isUnderWay, Func<CancellationToken, Task<T>> look, long started, CancellationToken cancellationToken)
    {
        var pause = FirstPause < longestPause ? FirstPause : longestPause;
        while (isUnderWay(seen) && time.GetElapsedTime(started) < limit)
        {
            await Task.Delay(pause, time, cancellationToken);
            seen = await look(cancellationToken);
            pause = pause * 2 < longestPause ? pause * 2 : longestPause;
        }

        return seen;
    }

    /// <summary>Tells Databricks that nobody waits any more. Nothing depends on it, so it must not hold anybody up, nor fail.</summary>
    public async Task GiveUpAsync(Func<CancellationToken, Task> cancel)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        try
        {
            await cancel(soon.Token);
        }
        catch (Exception e) when (e is PlatformException or OperationCanceledException)
        {
            // What runs on ends by itself.
        }
    }
}
