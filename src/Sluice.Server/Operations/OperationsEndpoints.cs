using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sluice.Engine.Errors;
using Sluice.Server.Authentication;
using Sluice.Server.Http;
using Sluice.Storage;

namespace Sluice.Server.Operations;

/// <summary>/healthz (the process lives), /readyz (it can serve) and /metrics.</summary>
internal static class OperationsEndpoints
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What the metrics listener serves.</summary>
    public static FrozenSet<string> Paths { get; } = new[] { "/healthz", "/readyz", "/metrics" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", context => Answer.WriteTextAsync(context, "ok\n")).WithMetadata(AnonymousAccess.Instance);
        routes.MapGet("/readyz", ReadyAsync).WithMetadata(AnonymousAccess.Instance);
        routes.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(new MetricsAccess(), new HttpMethodMetadata([HttpMethods.Get]));
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        if (!await IsReadyAsync(context)) throw new RequestRefusedException(ErrorCode.Unavailable, "The database does not answer, or the server is stopping.");
        await Answer.WriteTextAsync(context, "ready\n");
    }

    private static async Task<bool> IsReadyAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested) return false;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(ReadyTimeout);
        try
        {
            return await services.GetRequiredService<IDatabase>().IsReadyAsync(timeout.Token);
        }
        catch (Exception e) when (e is not DatabaseDiskException && !context.RequestAborted.IsCancellationRequested)
        {
            // Whatever keeps the database from answering is logged where it happens; here it is a no.
            return false;
        }
    }
}
