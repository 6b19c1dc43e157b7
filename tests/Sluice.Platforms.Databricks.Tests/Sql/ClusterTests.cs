using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Platforms.Databricks.Tests.Fakes;

namespace Sluice.Platforms.Databricks.Tests.Sql;

public sealed class ClusterTests : IAsyncLifetime
{
    private const string HttpPath = "sql/protocolv1/o/0/0123-456789-abcde123";

    private FakeWorkspace _workspace = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.Store.Add("c", new FakeSchema("s", [.. Enumerable.Range(0, 7).Select(i => new FakeTable($"t{i}", new("a", "int"), new("b", "string")))]));
        var commands = new List<string>();
        _workspace.On("POST", "/api/1.2/contexts/create", """{"id":"ctx"}""");
        _workspace.On("GET", "/api/1.2/contexts/status", """{"id":"ctx","status":"Running"}""");
        _workspace.On("POST", "/api/1.2/contexts/destroy", "{}");
        _workspace.On("POST", "/api/1.2/commands/execute", asked =>
        {
            lock (commands)
            {
                commands.Add(JsonElement.Parse(asked.Body).GetProperty("command").GetString()!);
                return new FakeWorkspace.Answer($$"""{"id":"{{commands.Count - 1}}"}""");
            }
        });
        _workspace.On("GET", "/api/1.2/commands/status", asked =>
        {
            string command;
            lock (commands) command = commands[int.Parse(asked.Query["commandId"])];
            var rows = MiniSql.Run(command, _workspace.Store.Views());
            return new FakeWorkspace.Answer(JsonSerializer.Serialize(new
            {
                id = asked.Query["commandId"],
                status = "Finished",
                results = new { resultType = "table", truncated = rows.Count > 3, schema = Array.Empty<object>(), data = rows.Take(3).Select(r => r.Select(Typed)) },
            }));
        });
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task A_cluster_that_cuts_its_results_is_read_whole()
    {
        var pages = await CrawlAsync();

        var tables = pages.SelectMany(p => p.Objects).Where(o => o.Kind.IsReadable()).ToList();
        tables.Select(t => t.Path.Name).ShouldBe(["t0", "t1", "t2", "t3", "t4", "t5", "t6"]);
        tables.ShouldAllBe(t => t.Columns.Count == 2);
        _workspace.Count("/api/1.2/contexts/create").ShouldBe(1);
        _workspace.Count("/api/1.2/contexts/destroy").ShouldBe(1);
    }

    [Fact]
    public async Task A_cluster_that_does_not_run_ends_the_crawl_and_says_why()
    {
        _workspace.On("POST", "/api/1.2/contexts/create", """{"error":"InvalidStateException: Cluster is terminated"}""", 400);

        var failure = await Should.ThrowAsync<PlatformException>(CrawlAsync);

        failure.Message.ShouldContain("Cluster is terminated");
        failure.Message.ShouldContain("or use a SQL warehouse");
    }

    [Fact]
    public async Task A_context_that_never_ran_is_destroyed()
    {
        _workspace.On("GET", "/api/1.2/contexts/status", """{"id":"ctx","status":"Error"}""");

        await Should.ThrowAsync<PlatformException>(CrawlAsync);

        _workspace.Requests.Single(r => r.Path == "/api/1.2/contexts/destroy").Body.ShouldContain("\"ctx\"");
    }

    [Fact]
    public async Task A_context_is_asked_for_once()
    {
        _workspace.On("POST", "/api/1.2/contexts/create", """{"error":"later"}""", 503);

        (await Should.ThrowAsync<PlatformException>(CrawlAsync)).IsTransient.ShouldBeTrue();

        _workspace.Count("/api/1.2/contexts/create").ShouldBe(1);
    }

    [Fact]
    public async Task A_command_without_a_table_is_no_empty_one()
    {
        _workspace.On("GET", "/api/1.2/commands/status", """{"id":"0","status":"Finished","results":{"resultType":"text","data":"ok"} }""");

        (await Should.ThrowAsync<PlatformException>(CrawlAsync)).Message.ShouldContain("did not come whole");
    }

    [Fact]
    public async Task A_cluster_that_is_gone_leaves_the_crawl_to_rest_and_says_why()
    {
        _workspace.On("POST", "/api/1.2/contexts/create", """{"error":"InvalidParameterValue: Cluster 0123-456789-abcde123 does not exist"}""", 400);

        var pages = await CrawlAsync();

        pages.SelectMany(p => p.Objects).Count(o => o.Kind.IsReadable()).ShouldBe(7);
        pages.SelectMany(p => p.Warnings).ShouldContain(w => w.Contains("does not exist") && w.Contains("or use a SQL warehouse"));
    }

    [Fact]
    public async Task An_error_is_told_in_the_clusters_words()
    {
        _workspace.On("GET", "/api/1.2/commands/status", """{"id":"0","status":"Finished","results":{"resultType":"error","summary":"<span class=\"ansi-red-fg\">AnalysisException</span>: [TABLE_OR_VIEW_NOT_FOUND] no such &lt;view&gt;","cause":"java.lang…"} }""");

        var pages = await CrawlAsync();

        pages.SelectMany(p => p.Warnings).ShouldContain(w => w.Contains("Databricks SQL: AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] no such <view>"));
    }

    [Fact]
    public async Task A_context_that_was_lost_with_a_restart_of_the_cluster_is_made_again()
    {
        var contexts = 0;
        var lost = false;
        _workspace.On("POST", "/api/1.2/contexts/create", _ => new FakeWorkspace.Answer($$"""{"id":"ctx{{++contexts}}"}"""));
        _workspace.Before("POST", "/api/1.2/commands/execute", asked =>
        {
            if (lost || !asked.Body.Contains("ctx1", StringComparison.Ordinal)) return null;
            lost = true;
            return new FakeWorkspace.Answer("""{"error":"ContextNotFound: ctx1"}""", 404);
        });

        (await CrawlAsync()).SelectMany(p => p.Objects).Count(o => o.Kind.IsReadable()).ShouldBe(7);

        contexts.ShouldBe(2);
    }

    [Fact]
    public async Task A_cluster_that_is_not_ready_ends_the_crawl_which_goes_on_later()
    {
        _workspace.On("POST", "/api/1.2/contexts/create", """{"error":"ClusterNotReadyException: Cluster has to be running, but is TERMINATED."}""", 400);

        (await Should.ThrowAsync<PlatformException>(CrawlAsync)).IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_warehouse_is_recommended()
    {
        await using var session = _workspace.Open(HttpPath);

        var check = (await session.CheckAsync(default)).Single(c => c.Name == "compute");

        check.Status.ShouldBe(CheckStatus.Warning);
        check.Message.ShouldNotBeNull().ShouldContain("A SQL warehouse is recommended");
    }

    private static object? Typed(string? value) => int.TryParse(value, out var number) ? number : value;

    private async Task<List<CrawlPage>> CrawlAsync()
    {
        await using var session = _workspace.Open(HttpPath);
        return await session.CrawlAsync(new CrawlScope { Container = new ObjectPath("unity", "c") }, default).ToListAsync();
    }
}
