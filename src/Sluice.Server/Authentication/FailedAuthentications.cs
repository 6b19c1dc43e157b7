using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Authentication;

/// <summary>
/// Counts failed authentications per client address. Only failures are counted: whoever shares an address with a guesser keeps working with
/// a valid token. But looking at a token is work too, so that from an address with too many failures few are looked at at once.
/// </summary>
internal sealed class FailedAuthentications(int perMinute) : IDisposable
{
    /// <summary>How long to wait for a turn; one takes a look at the database.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>So many tokens are looked at at once from an address with too many failures.</summary>
    public const int TurnsAtOnce = 2;

    private const int Segments = 6;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<HttpContext> _failures = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
        RateLimitPartition.GetSlidingWindowLimiter(ClientAddress.Of(context), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = perMinute,
            Window = Window,
            SegmentsPerWindow = Segments,
            AutoReplenishment = true,
        }));

    private readonly PartitionedRateLimiter<HttpContext> _turns = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
        RateLimitPartition.GetConcurrencyLimiter(
            ClientAddress.Of(context), _ => new ConcurrencyLimiterOptions { PermitLimit = TurnsAtOnce, QueueLimit = 0 }));

    /// <summary>Whether a token may be looked at now.</summary>
    /// <param name="context">The request.</param>
    /// <param name="turn">To be disposed of after the look; null when the address has not failed too often.</param>
    public bool TryEnter(HttpContext context, out IDisposable? turn)
    {
        turn = null;
        using (var asked = _failures.Ask(context, permitCount: 0))
        {
            if (asked.IsAcquired) return true;
        }

        var lease = _turns.Ask(context);
        if (lease.IsAcquired) turn = lease;
        else lease.Dispose();
        return turn is not null;
    }

    /// <summary>Counts one; how long to wait when there were too many, else null.</summary>
    public TimeSpan? Count(HttpContext context)
    {
        using var lease = _failures.Ask(context);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window / Segments;
    }

    public void Dispose()
    {
        _failures.Dispose();
        _turns.Dispose();
    }
}
