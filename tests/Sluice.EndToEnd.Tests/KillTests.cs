using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Faults;

namespace Sluice.EndToEnd.Tests;

/// <summary>kill -9 at random points of a crawl: no object lost, none doubled, the job completes after the restart.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Seed = 20261123;
    private const int Databases = 6;
    private const int Tables = 3000;
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 20 : 1;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task A_killed_crawl_loses_and_doubles_nothing(string database)
    {
        var random = new Random(Seed);
        await using var aws = await AwsSandbox.StartAsync(new AwsSandboxOptions { Catalog = AwsSandboxCatalog.Generated(Tables, 10, Databases) });
        var killed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            aws.SetFaults(new AwsSandboxFault { Kind = AwsSandboxFaultKind.Latency, LatencyMilliseconds = 30 });
            var directory = TestServer.NewDirectory();
            var environment = database == "sqlite"
                ? null
                : new Dictionary<string, string> { ["SLUICE_DATABASE"] = await (await Testing.Requires.PostgreSqlAsync()).CreateDatabaseAsync(CancellationToken.None) };
            var server = await ServerProcess.StartAsync(directory, environment: environment);
            string bulkId;
            using (var api = server.Api()) bulkId = await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.GlueAccessKey(aws, "lake"));

            // Killed up to three times in one crawl, at points no one chose.
            for (var kill = 0; kill < 3; kill++)
            {
                await RequestsAsync(aws, random.Next(1, 12));
                await server.KillAsync();
                await server.DisposeAsync();
                killed++;
                server = await ServerProcess.StartAsync(directory, environment: environment);
            }

            aws.SetFaults();
            using (var api = server.Api())
            {
                var job = await api.CompleteAsync(bulkId);
                var paths = await api.TreeAsync("lake");
                paths.Count.ShouldBe(Tables + Databases, $"round {round}, seed {Seed}: {job.ToJsonString()}");
                paths.Distinct(StringComparer.Ordinal).Count().ShouldBe(paths.Count);

                // The next crawl finds nothing to do: what was stored is whole.
                var again = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/lake", null));
                again["output"]!["found"]!.GetValue<int>().ShouldBe(Tables + Databases);
                foreach (var change in (string[])["added", "updated", "renamed", "reappeared", "missing"]) again["output"]![change]!.GetValue<int>().ShouldBe(0, again.ToJsonString());
            }

            await server.DisposeAsync();
        }

        output.WriteLine($"{database}: {Rounds} rounds, {killed} kills, seed {Seed}");
    }

    [Fact]
    public async Task A_server_told_to_stop_ends_by_itself_and_its_crawl_goes_on_at_the_next_start()
    {
        await using var aws = await AwsSandbox.StartAsync(new AwsSandboxOptions { Catalog = AwsSandboxCatalog.Generated(Tables, 10, Databases) });
        aws.SetFaults(new AwsSandboxFault { Kind = AwsSandboxFaultKind.Latency, LatencyMilliseconds = 100 });
        var directory = TestServer.NewDirectory();
        string bulkId;
        await using (var server = await ServerProcess.StartAsync(directory))
        {
            using var api = server.Api();
            bulkId = await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.GlueAccessKey(aws, "lake"));
            await RequestsAsync(aws, 10);
            (await server.TerminateAsync()).ShouldBe(0, string.Join('\n', server.Output));
        }

        aws.SetFaults();
        await using var next = await ServerProcess.StartAsync(directory);
        using var again = next.Api();
        await again.CompleteAsync(bulkId);
        (await again.TreeAsync("lake")).Count.ShouldBe(Tables + Databases);
    }

    // A point in the crawl is a number of requests the platform has seen; a crawl that ended before it is killed idle.
    private static async Task RequestsAsync(AwsSandbox aws, int more)
    {
        var until = aws.Requests.Total + more;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var idle = 0; aws.Requests.Total < until && idle < 300; idle++) await look.WaitForNextTickAsync();
    }
}
