using static Sluice.EndToEnd.Tests.Enforced;
using static Sluice.EndToEnd.Tests.Received;

namespace Sluice.EndToEnd.Tests;

/// <summary>kill -9 while events are on their way to a receiver of OpenTelemetry.</summary>
public sealed class OpenTelemetryKillTests(ITestOutputHelper output)
{
    private const int Seed = 20261130;

    private static readonly int Kills = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 20 : 2;

    [Fact]
    public async Task Killed_it_sends_some_twice_and_leaves_none_out()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var random = new Random(Seed);
        var directory = TestServer.NewDirectory();
        string[] flags = ["--otlp-endpoint", receiver.Url];
        var server = await ServerProcess.StartAsync(directory, flags);
        try
        {
            HashSet<(string Stream, long Sequence)> started;
            using (var api = server.Api())
            {
                started = await StartedAsync(api);
                await BegunAsync(receiver, api);
            }

            for (var kill = 0; kill < Kills; kill++)
            {
                var before = receiver.Records.Count;
                using (var api = server.Api()) await SucceedAsync(ImportAsync(api, kill * 1500, 1500));
                // At some record, or before the first.
                var at = before + random.Next(0, 1500);
                await UntilAsync(() => Task.FromResult(receiver.Records.Count >= at));
                await server.KillAsync();
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(directory, flags);
            }

            using var last = server.Api();
            var trail = await TrailAsync(last, started);
            await AllAsync(receiver, trail.Keys);
            output.WriteLine($"{Kills} kills, {trail.Count} events, {receiver.Events(Own).Count(static e => e.Value > 1)} of them twice, seed {Seed}");
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
