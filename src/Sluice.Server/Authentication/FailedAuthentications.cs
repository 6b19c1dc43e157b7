using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Authentication;

/// <summary>
/// Counts failed authentications per client address. Only failures are counted and only failures are refused: whoever shares an address
/// with a guesser keeps working with a valid token.
/// </summary>
internal sealed class FailedAuthentications(int perMinute) : IDisposable
{
    private const int Segments = 6;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
        RateLimitPartition.GetSlidingWindowLimiter(ClientAddress.Of(context), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = perMinute,
            Window = Window,
            SegmentsPerWindow = Segments,
            AutoReplenishment = true,
        }));

    /// <summary>Counts one; how long to wait when there were too many, else null.</summary>
    public TimeSpan? Count(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(context);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window / Segments;
    }

    public void Dispose() => _limiter.Dispose();
}
