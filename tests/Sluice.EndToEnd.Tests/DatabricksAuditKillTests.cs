using System.Text.Json.Nodes;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.EndToEnd.Tests;

/// <summary>kill -9 at random points of a reading of Databricks' system tables: no event lost, none doubled, and lineage with its tags whole.</summary>
public sealed class DatabricksAuditKillTests(ITestOutputHelper output)
{
    private static readonly int Seed = KillSeries.Seed(20261130);
    private const int Queries = 20;

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
            await using var sandbox = await DatabricksScript.StartAsync(
                new DatabricksSandboxOptions { Principals = [new SandboxPrincipal { Name = DatabricksAuditTests.Ada }], SystemTableLag = TimeSpan.Zero });
            var directory = TestServer.NewDirectory();
            var environment = database == "sqlite"
                ? null
                : new Dictionary<string, string> { ["SLUICE_DATABASE"] = await (await Testing.Requires.PostgreSqlAsync()).CreateDatabaseAsync(CancellationToken.None) };
            var server = await ServerProcess.StartAsync(directory, environment: environment);
            using (var api = server.Api()) await DatabricksAuditTests.RegisterAsync(api, sandbox);
            sandbox.Change($"GRANT CREATE TABLE ON SCHEMA sales.customers TO `{DatabricksAuditTests.Ada}`");
            using var ada = new DatabricksPerson(sandbox, DatabricksAuditTests.Ada);
            var (ran, edges) = (0, 0);
            for (var kill = 0; kill < 3; kill++)
            {
                // Some are new at each reading, and what was read before is shown again.
                for (var i = 0; i < Queries; i++) await ada.ColumnAsync($"SELECT segment FROM sales.customers.customers LIMIT {++ran}");
                await ada.ColumnAsync($"CREATE TABLE sales.customers.copy{edges++} AS SELECT segment FROM sales.customers.customers");
                sandbox.SetFaults(new DatabricksSandboxFault { Kind = DatabricksSandboxFaultKind.Latency, Operation = "statements.*", LatencyMilliseconds = 60 });
                string bulkId;
                using (var api = server.Api()) bulkId = await api.AcceptAsync(HttpMethod.Post, "/api/v1/connections/unity/audit", null);
                await RequestsAsync(sandbox, random.Next(0, 8));
                using (var api = server.Api())
                    if (await api.IsRunningAsync(bulkId)) met++;
                kills++;
                await server.KillAsync();
                await server.DisposeAsync();
                sandbox.SetFaults();
                server = await ServerProcess.StartAsync(directory, environment: environment);
                using (var api = server.Api()) await api.CompleteAsync(bulkId);
            }

            using (var api = server.Api())
            {
                await Carried.ReadAsync(api, "unity");
                var hits = (await api.GetAsync("/api/v1/audit/queries?person=ada&size=1000")).Json["hits"]!.AsArray()
                    .Where(static h => h!["source"]!.GetValue<string>() == "queryHistory" && h["kind"]!.GetValue<string>() == "SELECT").ToList();
                hits.Select(static h => h!["statementHash"]!.GetValue<string>()).ShouldBeUnique($"an event was taken twice, round {round}, seed {Seed}");
                hits.Count.ShouldBe(ran, $"round {round}, seed {Seed}");
                var exported = (await api.GetAsync("/api/v1/audit/queries/export")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonNode.Parse(l)!).ToList();
                exported.Select(static e => e["sequence"]!.GetValue<long>()).ShouldBeInOrder();
                exported.Select(static e => (e["source"]!.GetValue<string>(), e["eventId"]!.GetValue<string>())).ShouldBeUnique();
                var lineage = await Carried.EdgesAsync(api, "unity/sales/customers/customers");
                for (var i = 0; i < edges; i++) lineage.ShouldContain($"unity/sales/customers/customers#segment > unity/sales/customers/copy{i}#segment", $"round {round}, seed {Seed}");
            }

            await server.DisposeAsync();
        }

        output.WriteLine($"{database}: {kills} kills, {met} of a running reading, seed {Seed}");
        met.ShouldBeGreaterThan(0, "no kill met a reading");
    }

    private static async Task RequestsAsync(DatabricksSandbox sandbox, int more)
    {
        var until = sandbox.Requests.Total + more;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var idle = 0; sandbox.Requests.Total < until && idle < 200; idle++) await look.WaitForNextTickAsync();
    }
}
