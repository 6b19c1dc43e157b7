using Microsoft.AspNetCore.Http;
using Sluice.Engine.Errors;

namespace Sluice.Server.Operations;

/// <summary>Behind the metrics listener there is nothing but metrics and health: it needs no token, so nothing else may be reached by it.</summary>
internal sealed class MetricsDoorMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!ListenerRole.IsMetrics(context) || OperationsEndpoints.Paths.Contains(context.Request.Path.Value ?? "")) return next(context);
        throw new RequestRefusedException(ErrorCode.NotFound, "There is no such resource at this listener.");
    }
}
