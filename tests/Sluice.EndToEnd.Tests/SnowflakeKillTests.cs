using Sluice.Sandbox.Snowflake;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Faults;

namespace Sluice.EndToEnd.Tests;

/// <summary>kill -9 at random points of a crawl of Snowflake: no object lost, none doubled, the job completes after the restart.</summary>
public sealed class SnowflakeKillTests(ITestOutputHelper output)
{
    private const int Seed = 20261128;
    private const int Databases = 6;
    private const int Tables = 3000;

    // The databases, a schema in each, and the database and schema of the generated tags.
    private const int Expected = Tables + Databases + Databases + 2;

    private static readonly int Rounds = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 20 : 1;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task A_killed_crawl_loses_and_doubles_nothing(string database)
    {
        var random = new Random(Seed);
        var met = 0;
        await using var account = await SnowflakeAccount.StartAsync(new SnowflakeSandboxOptions { Catalog = SnowflakeSandboxCatalog.Generated(Tables, 10, Databases) });
        for (var round = 0; round < Rounds; round++)
        {
            account.Sandbox.Reset();
            var directory = TestServer.NewDirectory();
            var environment = database == "sqlite"
                ? null
                : new Dictionary<string, string> { ["SLUICE_DATABASE"] = await (await Testing.Requires.PostgreSqlAsync()).CreateDatabaseAsync(CancellationToken.None) };
            var server = await ServerProcess.StartAsync(directory, environment: environment);
            string bulkId;
            using (var api = server.Api())
            {
                var credentials = await SnowflakeCrawlTests.SetUpAsync(api, account);
                account.Sandbox.SetFaults(new SnowflakeSandboxFault { Operation = "query", Kind = SnowflakeSandboxFaultKind.Latency, LatencyMilliseconds = 60 });
                bulkId = await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials));
            }

            // Killed up to three times in one crawl, at points no one chose.
            for (var kill = 0; kill < 3; kill++)
            {
                await RequestsAsync(account.Sandbox, random.Next(1, 20));
                using (var api = server.Api())
                    if (await api.IsRunningAsync(bulkId)) met++;
                await server.KillAsync();
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(directory, environment: environment);
            }

            account.Sandbox.SetFaults();
            using (var api = server.Api())
            {
                var job = await api.CompleteAsync(bulkId);
                var paths = await api.TreeAsync("snow");
                paths.Count.ShouldBe(Expected, $"round {round}, seed {Seed}: {job.ToJsonString()}");
                paths.Distinct(StringComparer.Ordinal).Count().ShouldBe(paths.Count);

                // The next crawl finds nothing to do: what was stored is whole.
                var again = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/snow", null));
                again["output"]!["found"]!.GetValue<int>().ShouldBe(Expected);
                foreach (var change in (string[])["added", "updated", "renamed", "reappeared", "missing"]) again["output"]![change]!.GetValue<int>().ShouldBe(0, again.ToJsonString());
            }

            await server.DisposeAsync();
        }

        met.ShouldBeGreaterThan(0, $"no kill met a running crawl, seed {Seed}");
        output.WriteLine($"{database}: {Rounds} rounds, {3 * Rounds} kills, {met} of a running crawl, seed {Seed}");
    }

    // A point in the crawl is a number of requests the platform has seen; a crawl that ended before it is killed idle.
    private static async Task RequestsAsync(SnowflakeSandbox sandbox, int more)
    {
        var until = sandbox.Requests.Total + more;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var idle = 0; sandbox.Requests.Total < until && idle < 300; idle++) await look.WaitForNextTickAsync();
    }
}
