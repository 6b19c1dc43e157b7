using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Faults;

namespace Sluice.EndToEnd.Tests;

/// <summary>kill -9 at random points of a reading of the query audit: no event lost, none doubled.</summary>
public sealed class SnowflakeAuditKillTests(ITestOutputHelper output)
{
    private static readonly int Seed = KillSeries.Seed(20261130);
    private const int Queries = 60;

    private static readonly int Rounds = KillSeries.Rounds(few: 1, many: 12);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task A_killed_reading_loses_and_doubles_nothing(string database)
    {
        var random = new Random(Seed);
        var (met, kills) = (0, 0);
        // On a busy machine a reading may be over when the kill comes: the short form goes on until one was met.
        for (var round = 0; round < Rounds || (met == 0 && round < KillSeries.MostRounds); round++)
        {
            await using var account = await SnowflakeAccount.StartAsync();
            var directory = TestServer.NewDirectory();
            var environment = database == "sqlite"
                ? null
                : new Dictionary<string, string> { ["SLUICE_DATABASE"] = await (await Testing.Requires.PostgreSqlAsync()).CreateDatabaseAsync(CancellationToken.None) };
            var server = await ServerProcess.StartAsync(directory, environment: environment);
            using (var api = server.Api()) await SnowflakeAuditTests.RegisterAsync(api, account);
            using var ada = await SnowflakeAuditTests.LogInAsync(account);
            var ran = 0;
            for (var kill = 0; kill < 3; kill++)
            {
                // Some are new at each reading, and what was read before is shown again.
                for (var i = 0; i < Queries; i++) await ada.RunAsync($"SELECT EMAIL FROM SALES.CRM.CUSTOMERS WHERE CUSTOMER_ID = {ran++}");
                account.Sandbox.SetFaults(new SnowflakeSandboxFault { Operation = "query", Kind = SnowflakeSandboxFaultKind.Latency, LatencyMilliseconds = 40 });
                string bulkId;
                using (var api = server.Api()) bulkId = await api.AcceptAsync(HttpMethod.Post, "/api/v1/connections/snow/audit", null);
                await RequestsAsync(account, random.Next(0, 6));
                using (var api = server.Api())
                    if (await api.IsRunningAsync(bulkId)) met++;
                kills++;
                await server.KillAsync();
                await server.DisposeAsync();
                account.Sandbox.SetFaults();
                server = await ServerProcess.StartAsync(directory, environment: environment);
                using (var api = server.Api()) await api.CompleteAsync(bulkId);
            }

            using (var api = server.Api())
            {
                await SnowflakeAuditTests.ReadAsync(api);
                var hits = (await api.GetAsync("/api/v1/audit/queries?person=ada&size=1000")).Json["hits"]!.AsArray();
                Hashes(hits).Count.ShouldBe(hits.Count, $"an event was taken twice, round {round}, seed {Seed}");
                hits.Count.ShouldBe(ran, $"round {round}, seed {Seed}");
                var exported = (await api.GetAsync("/api/v1/audit/queries/export")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonNode.Parse(l)!).ToList();
                exported.Select(static e => e["sequence"]!.GetValue<long>()).ShouldBeInOrder();
                exported.Count(static e => e["identity"]!.GetValue<string>() == "ADA").ShouldBe(ran);
            }

            await server.DisposeAsync();
        }

        output.WriteLine($"{database}: {kills} kills, {met} of a running reading, seed {Seed}");
        met.ShouldBeGreaterThan(0, "no kill met a reading");
    }

    // Each query is another text.
    private static HashSet<string> Hashes(JsonArray hits) => [.. hits.Select(static h => h!["statementHash"]!.GetValue<string>())];

    private static async Task RequestsAsync(SnowflakeAccount account, int more)
    {
        var until = account.Sandbox.Requests.Total + more;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var idle = 0; account.Sandbox.Requests.Total < until && idle < 200; idle++) await look.WaitForNextTickAsync();
    }
}
