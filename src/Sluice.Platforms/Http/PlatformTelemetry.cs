using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sluice.Core.Connections;

namespace Sluice.Platforms.Http;

/// <summary>
/// What is counted and traced of calls to platforms: technology and operation, nothing else. No address, header, or text of a query, which
/// may hold names and secrets.
/// </summary>
public static class PlatformTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Sluice.Platforms";

    internal static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Requests =
        Meter.CreateCounter<long>("sluice_platform_requests", "{request}", "Requests sent to platforms, retries included.");

    private static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("sluice_platform_failures", "{request}", "Requests to platforms that failed or were refused.");

    private static readonly Counter<long> Throttles =
        Meter.CreateCounter<long>("sluice_platform_throttles", "{request}", "Requests that platforms refused because there were too many.");

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram(
            "sluice_platform_request_duration", "s", "How long one request to a platform took.", tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    internal static void Count(Technology technology, string operation, TimeSpan duration, PlatformFailure? failure)
    {
        var tags = new TagList { { "technology", technology.Name }, { "operation", operation } };
        Requests.Add(1, tags);
        Duration.Record(duration.TotalSeconds, tags);
        if (failure is not null)
            Failures.Add(1, tags);
        if (failure == PlatformFailure.Throttled)
            Throttles.Add(1, tags);
    }
}
