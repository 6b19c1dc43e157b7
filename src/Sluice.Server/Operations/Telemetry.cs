using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sluice.Engine.Auditing;
using Sluice.Server.Configuration;

namespace Sluice.Server.Operations;

/// <summary>OpenTelemetry: metrics always (Prometheus reads them), traces and logs where they have somewhere to go.</summary>
internal static class Telemetry
{
    private const string Ours = "Sluice.*";

    public static void AddSluiceTelemetry(this WebApplicationBuilder builder, ServerSettings settings)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("sluice", serviceVersion: ServerVersion.Text))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Ours).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddPrometheusExporter();
                if (settings.OtlpEndpoint is { } endpoint) metrics.AddOtlpExporter(otlp => otlp.Endpoint = endpoint);
            });
        if (settings.OtlpEndpoint is not { } receiver) return;
        telemetry.WithTracing(tracing => Trace(tracing).AddOtlpExporter(otlp => otlp.Endpoint = receiver));
        telemetry.WithLogging(logs => logs.AddOtlpExporter(otlp => otlp.Endpoint = receiver));
        builder.Services.AddSingleton<IRecordsUnderWay, LogsUnderWay>();
    }

    /// <summary>Traces of requests in and out, without query strings: an object path or a token could stand in one.</summary>
    internal static TracerProviderBuilder Trace(TracerProviderBuilder tracing) => tracing
        .AddSource(Ours)
        .AddAspNetCoreInstrumentation(incoming =>
        {
            incoming.Filter = context => !OperationsEndpoints.Paths.Contains(context.Request.Path.Value ?? "");
            incoming.EnrichWithHttpRequest = (activity, _) => activity.SetTag("url.query", null);
            incoming.RecordException = false;
        })
        .AddHttpClientInstrumentation(outgoing =>
        {
            outgoing.EnrichWithHttpRequestMessage = (activity, request) =>
                activity.SetTag("url.full", request.RequestUri?.GetLeftPart(UriPartial.Path));
            outgoing.RecordException = false;
        });
}
