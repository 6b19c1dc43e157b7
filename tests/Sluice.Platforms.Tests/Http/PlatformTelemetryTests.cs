using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sluice.Core.Connections;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Tests.Http;

public sealed class PlatformTelemetryTests
{
    private const string Operation = "test:Telemetry";

    [Fact]
    public async Task Requests_failures_throttles_and_durations_are_counted_by_technology_and_operation_alone()
    {
        var counts = new ConcurrentDictionary<string, int>();
        var tagNames = new ConcurrentDictionary<string, string?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == PlatformTelemetry.Name)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, tags));
        listener.Start();

        await CallAsync();

        counts.ShouldBe(
            new Dictionary<string, int>
            {
                ["sluice_platform_requests"] = 3,
                ["sluice_platform_request_duration"] = 3,
                ["sluice_platform_failures"] = 2,
                ["sluice_platform_throttles"] = 1,
            },
            ignoreOrder: true);
        tagNames.ShouldBe(
            new Dictionary<string, string?> { ["technology"] = "Databricks", ["operation"] = Operation }, ignoreOrder: true);

        void Record(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Other tests run beside this one and use the same meter.
            if (!tags.ToArray().Contains(new("operation", Operation)))
                return;
            counts.AddOrUpdate(instrument.Name, 1, (_, n) => n + 1);
            foreach (var tag in tags)
                tagNames[tag.Key] = tag.Value?.ToString();
        }
    }

    [Fact]
    public async Task A_span_is_named_by_the_operation_and_holds_no_address()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == PlatformTelemetry.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        await CallAsync();

        var span = spans.Single(s => s.OperationName == Operation);
        span.Kind.ShouldBe(ActivityKind.Client);
        span.Status.ShouldBe(ActivityStatusCode.Unset);
        span.TagObjects.ShouldBe([new("technology", "Databricks")]);
    }

    private static async Task CallAsync()
    {
        var answers = new Queue<int>([429, 503, 200]);
        await using var server = TinyServer.Answering(_ => TinyServer.Response(answers.Dequeue(), "", "X-Secret: s"));
        var guard = new EgressGuard(new EgressPolicy { AllowLoopback = true });
        using var client = new PlatformHttpClient(
            Technology.Databricks,
            guard.CreateHttpHandler(new EgressHttpOptions()),
            new PlatformHttpOptions { Retry = new RetryPolicy { BaseDelay = TimeSpan.FromMilliseconds(1) } },
            new AdaptiveLimiter(),
            TimeProvider.System);
        using var response = await client.SendAsync(
            Operation,
            _ => ValueTask.FromResult(new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/?token=secret")),
            CancellationToken.None);
    }
}
