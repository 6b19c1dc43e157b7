using System.Threading.RateLimiting;
using Sluice.Engine.Callers;

namespace Sluice.Server.Jobs;

/// <summary>
/// Counts the requests that wait for jobs. Each holds a connection for minutes and asks the database again and again, so that there are only
/// so many.
/// </summary>
internal sealed class StatusWaits : IDisposable
{
    /// <summary>How many of one caller wait at once.</summary>
    public const int MostOfOne = 8;

    /// <summary>How many wait at once in all.</summary>
    public const int MostOfAll = 100;

    /// <summary>When to come back.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly PartitionedRateLimiter<Caller> _waits = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<Caller, string>(caller => Room(caller.Id, MostOfOne)),
        PartitionedRateLimiter.Create<Caller, string>(_ => Room("", MostOfAll)));

    /// <summary>A place to wait in until it is disposed of, or null when there is none.</summary>
    public IDisposable? Enter(Caller caller)
    {
        var place = _waits.AttemptAcquire(caller);
        if (place.IsAcquired) return place;
        place.Dispose();
        return null;
    }

    public void Dispose() => _waits.Dispose();

    private static RateLimitPartition<string> Room(string key, int places) =>
        RateLimitPartition.GetConcurrencyLimiter(key, _ => new ConcurrencyLimiterOptions { PermitLimit = places, QueueLimit = 0 });
}
