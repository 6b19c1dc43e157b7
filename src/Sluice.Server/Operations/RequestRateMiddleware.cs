using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Sluice.Engine.Errors;
using Sluice.Server.Authentication;
using Sluice.Server.Configuration;
using Sluice.Server.Problems;

namespace Sluice.Server.Operations;

/// <summary>Limits how many requests one caller makes; without a caller, one address.</summary>
internal sealed class RequestRateMiddleware : IDisposable
{
    private const int Burst = 2;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly RequestDelegate _next;
    private readonly PartitionedRateLimiter<HttpContext>? _limiter;

    public RequestRateMiddleware(RequestDelegate next, ServerSettings settings)
    {
        _next = next;
        if (settings.RateLimit == 0) return;
        _limiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
            context.Features.Get<CallerFeature>()?.Caller.Id ?? ClientAddress.Of(context).ToString(),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = settings.RateLimit * Burst,
                TokensPerPeriod = settings.RateLimit,
                ReplenishmentPeriod = Period,
                AutoReplenishment = true,
            }));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        // Probes and scrapes must work when the server is busiest.
        if (_limiter is null || OperationsEndpoints.Paths.Contains(context.Request.Path.Value ?? ""))
        {
            await _next(context);
            return;
        }

        using var lease = _limiter.AttemptAcquire(context);
        if (lease.IsAcquired)
        {
            await _next(context);
            return;
        }

        RetryAfter.Set(context, lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Period);
        await ProblemAnswer.WriteAsync(context, ErrorCode.TooManyRequests, "More requests than this server allows one caller (--rate-limit).");
    }

    public void Dispose() => _limiter?.Dispose();
}
