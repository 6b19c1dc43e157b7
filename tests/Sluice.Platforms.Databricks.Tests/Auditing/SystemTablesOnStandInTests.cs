using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Auditing;
using Sluice.Platforms.Databricks.Tests.Enforcing;

namespace Sluice.Platforms.Databricks.Tests.Auditing;

/// <summary>The system tables of the stand-in, read on a cluster that shows fewer rows than there are.</summary>
public sealed class SystemTablesOnStandInTests
{
    private const string Ada = "ada@acme.example";
    private static readonly string[] Columns = [.. Enumerable.Range(0, 10).Select(static i => $"c{i}")];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wide_statements_are_told_whole_from_the_cache_too_and_leave_all_of_their_lineage()
    {
        await using var unity = await EnforcedUnity.StartAsync([Ada], options: new() { SystemTableLag = TimeSpan.Zero, ReuseResults = true }, client: new() { ClusterRows = 3 }, onCluster: true);
        unity.Sandbox.Change("CREATE SCHEMA cases.wide", $"CREATE TABLE cases.wide.t ({string.Join(", ", Columns.Select(static c => $"{c} STRING"))})", $"GRANT ALL PRIVILEGES ON CATALOG cases TO `{Ada}`");
        foreach (var schema in (string[])["query", "access"])
            unity.Sandbox.Change($"GRANT USE CATALOG ON CATALOG system TO `{unity.Sandbox.ClientId}`", $"GRANT USE SCHEMA, SELECT ON SCHEMA system.{schema} TO `{unity.Sandbox.ClientId}`");
        foreach (var statement in (string[])["CREATE TABLE cases.wide.copy AS SELECT * FROM cases.wide.t", "SELECT * FROM cases.wide.t", "SELECT * FROM cases.wide.t"])
            (await unity.ReadAsAsync(Ada, statement)).Refusal.ShouldBeNull();

        var now = TimeProvider.System.GetUtcNow();
        var window = new FeedWindow(now.AddHours(-1), now.AddMinutes(1), now);
        var events = await AllAsync(((IReadsQueryAudit)unity.Session).ReadQueriesAsync("dbx", QueryHistory.Source, window, Ending));
        var adas = events.Where(static e => e.Identity == Ada).ToList();
        adas.Select(static e => e.Kind).ShouldBe(["CREATE", "SELECT", "SELECT"], ignoreOrder: true);
        foreach (var each in adas)
            each.Objects.Where(static o => !o.IsWritten).ShouldHaveSingleItem().Columns.ShouldBe(Columns, ignoreOrder: true, customMessage: each.Kind);

        var lineage = (IReadsLineage)unity.Session;
        var edges = await AllAsync(lineage.ReadLineageAsync("dbx", TableLineage.Columns, window, Ending));
        edges.Select(static e => $"{e.Edge.From} > {e.Edge.To}").Distinct().ShouldBe(Columns.Select(static c => $"dbx/cases/wide/t#{c} > dbx/cases/wide/copy#{c}"), ignoreOrder: true);
        (await AllAsync(lineage.ReadLineageAsync("dbx", TableLineage.Tables, window, Ending))).Select(static e => $"{e.Edge.From} > {e.Edge.To}").ShouldBe(["dbx/cases/wide/t > dbx/cases/wide/copy"]);
    }

    private static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<IReadOnlyList<T>> pages)
    {
        var all = new List<T>();
        await foreach (var page in pages) all.AddRange(page);
        return all;
    }
}
