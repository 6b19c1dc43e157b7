using System.Collections.Concurrent;
using System.Diagnostics;

namespace Sluice.Server.Tests.Operations;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Traces_hold_the_route_and_no_query()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        // Nothing listens there: what is sent is not the point, what it would be made of is.
        var server = await RunningServer.StartAsync("--otlp-endpoint", "http://127.0.0.1:9");
        var name = $"planted{Guid.CreateVersion7():n}";

        (await server.SendAsync("GET", $"/data/object?objectPath=[%22{name}%22]", null, $"Bearer {server.AdminKey}")).IsSuccessStatusCode.ShouldBeTrue();
        (await server.SendAsync("GET", $"/data/connection/{name}")).IsSuccessStatusCode.ShouldBeFalse();
        // A stopped server has ended every request's activity.
        await server.DisposeAsync();

        var ours = ended.Where(a => a.TagObjects.Any(t => t.Key == "server.port" && Equals(t.Value, server.Url.Port))).ToList();
        ours.ShouldContain(a => a.TagObjects.Any(t => t.Key == "http.route" && Equals(t.Value, "/data/object")));
        foreach (var activity in ours)
        {
            foreach (var (key, value) in activity.TagObjects)
            {
                key.ShouldNotBe("url.query");
                if (key != "url.path") $"{value}".ShouldNotContain(name);
                $"{value}".ShouldNotContain(server.AdminKey);
            }
        }
    }
}
