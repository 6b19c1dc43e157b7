using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Sluice.Server.Authentication;

namespace Sluice.Server.Operations;

/// <summary>Counts requests per caller; without a caller, per address.</summary>
/// <param name="perSecond">The rate; 0: no limit.</param>
internal sealed class RequestRates(int perSecond) : IDisposable
{
    private const int Burst = 2;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<HttpContext>? _limiter = perSecond == 0 ? null : PartitionedRateLimiter.Create<HttpContext, string>(
        context => RateLimitPartition.GetTokenBucketLimiter(KeyOf(context), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * Burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = Period,
            AutoReplenishment = true,
        }));

    /// <summary>Counts a request; how long to wait when there were too many, else null.</summary>
    public TimeSpan? Count(HttpContext context)
    {
        if (_limiter is null) return null;
        using var lease = _limiter.AttemptAcquire(context);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Period;
    }

    public void Dispose() => _limiter?.Dispose();

    private static string KeyOf(HttpContext context) =>
        context.Features.Get<CallerFeature>()?.Caller.Id ?? ClientAddress.Of(context).ToString();
}
