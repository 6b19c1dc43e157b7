using Microsoft.AspNetCore.Http;
using Sluice.Engine.Errors;
using Sluice.Server.Problems;

namespace Sluice.Server.Operations;

/// <summary>Refuses what goes beyond a caller's rate.</summary>
internal sealed class RequestRateMiddleware(RequestDelegate next, RequestRates rates)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Probes and scrapes must work when the server is busiest.
        if (OperationsEndpoints.Paths.Contains(context.Request.Path.Value ?? "") || rates.Count(context) is not { } wait) return next(context);
        RetryAfter.Set(context, wait);
        return ProblemAnswer.WriteAsync(context, ErrorCode.TooManyRequests, "More requests than this server allows one caller (--rate-limit).");
    }
}
