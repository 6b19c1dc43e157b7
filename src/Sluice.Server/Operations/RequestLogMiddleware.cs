using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Sluice.Server.Authentication;
using Sluice.Server.Problems;

namespace Sluice.Server.Operations;

/// <summary>One line per request: route, status, time, caller. Never the query, a header or a body.</summary>
internal sealed partial class RequestLogMiddleware(RequestDelegate next, TimeProvider time, ILogger<RequestLogMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var begun = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            // Scrapes and probes come every few seconds and say nothing.
            if (logger.IsEnabled(LogLevel.Information) && !OperationsEndpoints.Paths.Contains(context.Request.Path.Value ?? ""))
            {
                var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
                var caller = context.Features.Get<CallerFeature>()?.Caller.Id ?? "-";
                var elapsed = time.GetElapsedTime(begun).TotalMilliseconds;
                Log.Answered(logger, context.Request.Method, route, context.Response.StatusCode, elapsed, caller, ProblemAnswer.TraceIdOf(context));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Method} {Route} {Status} in {Milliseconds:0.0} ms by {Caller} (trace {TraceId})")]
        public static partial void Answered(
            ILogger logger, string method, string route, int status, double milliseconds, string caller, string traceId);
    }
}
