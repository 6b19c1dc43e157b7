namespace Sluice.Platforms.Http;

/// <summary>The right to have one request running. Disposing gives it back, once.</summary>
public sealed class LimiterLease : IDisposable
{
    private readonly int _epoch;
    private AdaptiveLimiter? _limiter;
    private Outcome _outcome;

    internal LimiterLease(AdaptiveLimiter limiter, int epoch)
    {
        _limiter = limiter;
        _epoch = epoch;
    }

    /// <summary>The platform answered: the limit may grow.</summary>
    public void Succeeded() => _outcome = Outcome.Succeeded;

    /// <summary>The platform asked for fewer requests: the limit shrinks.</summary>
    public void Throttled() => _outcome = Outcome.Throttled;

    /// <summary>Lets the next request run. Without <see cref="Succeeded"/> or <see cref="Throttled"/> the limit stays.</summary>
    public void Dispose() => Interlocked.Exchange(ref _limiter, null)?.Release(_epoch, _outcome);

    internal enum Outcome
    {
        Neither,
        Succeeded,
        Throttled,
    }
}
