using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Tests.Fakes;

namespace Sluice.Platforms.Databricks.Tests.Sql;

/// <summary>Statements on a warehouse, seen through a crawl of one catalog.</summary>
public sealed class WarehouseTests : IAsyncLifetime
{
    private static readonly ObjectPath Catalog = new("unity", "c");

    private FakeWorkspace _workspace = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.Store.Add("c", new FakeSchema("s", new FakeTable("t", new FakeColumn("id", "bigint"))));
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task A_statement_is_sent_as_documented()
    {
        await CrawlAsync();

        var body = JsonElement.Parse(_workspace.Requests.First(r => r.Path == "/api/2.0/sql/statements").Body);
        body.GetProperty("warehouse_id").GetString().ShouldBe("wh1");
        body.GetProperty("wait_timeout").GetString().ShouldBe("20s");
        body.GetProperty("on_wait_timeout").GetString().ShouldBe("CONTINUE");
        body.GetProperty("disposition").GetString().ShouldBe("INLINE");
        body.GetProperty("format").GetString().ShouldBe("JSON_ARRAY");
    }

    [Fact]
    public async Task A_warehouse_that_has_to_start_is_waited_for()
    {
        Later("PENDING", "PENDING", "RUNNING");

        var tables = await CrawlAsync();

        tables.ShouldHaveSingleItem().Columns.ShouldBe([new("id", "bigint")]);
    }

    [Theory]
    [InlineData("PENDING", "SQL warehouse wh1 was not ready within 0 seconds: it is starting, or busy with other statements. Try again in a few minutes.")]
    [InlineData("RUNNING", "A statement still ran on SQL warehouse wh1 after 0 seconds and was cancelled.")]
    public async Task One_that_takes_too_long_is_cancelled_and_comes_back_later(string state, string message)
    {
        _workspace.Options = _workspace.Options with { StatementTimeout = TimeSpan.FromMilliseconds(50) };
        Later([.. Enumerable.Repeat(state, 10_000)]);
        _workspace.On("POST", "/api/2.0/sql/statements/s1/cancel", "{}");

        var failure = await Should.ThrowAsync<PlatformException>(CrawlAsync);

        failure.Failure.ShouldBe(PlatformFailure.Unavailable);
        failure.Message.ShouldBe(message);
        _workspace.Count("/api/2.0/sql/statements/s1/cancel").ShouldBe(1);
    }

    [Fact]
    public async Task A_statement_that_nobody_waits_for_any_more_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource();
        Later([.. Enumerable.Repeat("RUNNING", 10_000)], () => stop.Cancel());
        _workspace.On("POST", "/api/2.0/sql/statements/s1/cancel", _ =>
        {
            cancelled.TrySetResult();
            return new FakeWorkspace.Answer("{}");
        });

        await Should.ThrowAsync<OperationCanceledException>(() => CrawlAsync(stop.Token));

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Chunks_are_followed_to_the_last()
    {
        _workspace.OnStatement(sql => sql.Contains(".tables", StringComparison.Ordinal)
            ? Chunk("""[["s","t1","MANAGED","DELTA",null,null]]""", 0, 1)
            : FakeWorkspace.Succeeded([]));
        _workspace.On("GET", "/api/2.0/sql/statements/s1/result/chunks/1", """{"chunk_index":1,"data_array":[["s","t2","VIEW",null,"why",null]],"next_chunk_index":2}""");
        _workspace.On("GET", "/api/2.0/sql/statements/s1/result/chunks/2", """{"chunk_index":2,"data_array":[["s","t3","FOREIGN",null,"",null]]}""");

        var tables = await CrawlAsync();

        tables.Select(t => $"{t.Path.Name} {t.Kind} {t.Comment}").ShouldBe(["t1 Table ", "t2 View why", "t3 FederatedTable "]);
    }

    [Theory]
    [InlineData(""" "manifest":{"total_row_count":2},"result":{"chunk_index":0,"data_array":[["s","t","MANAGED","DELTA",null,null]]} """)]
    [InlineData(""" "manifest":{"total_row_count":1},"result":{"chunk_index":0} """)]
    [InlineData(""" "manifest":{"truncated":false},"result":{} """)]
    [InlineData(""" "manifest":{"total_row_count":1} """)]
    [InlineData(""" "manifest":{} """)]
    public async Task A_result_that_is_not_whole_is_not_believed(string members)
    {
        _workspace.OnStatement(sql => sql.Contains(".tables", StringComparison.Ordinal)
            ? new FakeWorkspace.Answer($$"""{"statement_id":"s1","status":{"state":"SUCCEEDED"},{{members}} }""")
            : FakeWorkspace.Succeeded([]));

        var failure = await Should.ThrowAsync<PlatformException>(CrawlAsync);

        failure.Failure.ShouldBe(PlatformFailure.Unavailable);
        failure.Message.ShouldContain("did not come whole");
    }

    [Fact]
    public async Task A_chunk_that_is_lost_is_missed()
    {
        _workspace.OnStatement(sql => sql.Contains(".tables", StringComparison.Ordinal)
            ? Chunk("""[["s","t1","MANAGED","DELTA",null,null]]""", 0, 1)
            : FakeWorkspace.Succeeded([]));
        _workspace.On("GET", "/api/2.0/sql/statements/s1/result/chunks/1", """{"chunk_index":1}""");

        (await Should.ThrowAsync<PlatformException>(CrawlAsync)).Message.ShouldContain("did not come whole");
    }

    [Fact]
    public async Task A_result_without_rows_may_lack_its_chunk()
    {
        _workspace.OnStatement(_ => new FakeWorkspace.Answer("""{"statement_id":"s1","status":{"state":"SUCCEEDED"},"manifest":{"total_row_count":0} }"""));

        (await CrawlAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_result_that_goes_round_in_circles_ends()
    {
        _workspace.OnStatement(sql => sql.Contains(".tables", StringComparison.Ordinal) ? Chunk("""[["s","t1","MANAGED","DELTA",null,null]]""", 0, 1) : FakeWorkspace.Succeeded([]));
        _workspace.On("GET", "/api/2.0/sql/statements/s1/result/chunks/1", """{"chunk_index":1,"data_array":[["s","t2","MANAGED","DELTA",null,null]],"next_chunk_index":1}""");

        var failure = await Should.ThrowAsync<PlatformException>(CrawlAsync);

        failure.Failure.ShouldBe(PlatformFailure.Refused);
    }

    [Fact]
    public async Task A_result_too_large_for_inline_is_read_from_the_metastores_own_storage_alone()
    {
        _workspace.On("POST", "/api/2.0/sql/statements", asked =>
        {
            var body = JsonElement.Parse(asked.Body);
            if (!body.GetProperty("statement").GetString()!.Contains(".tables", StringComparison.Ordinal)) return FakeWorkspace.Succeeded([]);
            return body.GetProperty("disposition").GetString() == "INLINE"
                ? FakeWorkspace.StatementFailed("Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result size of at most 26214400 bytes.")
                : Links("https://results.example/rows");
        });

        var failure = await Should.ThrowAsync<PlatformException>(CrawlAsync);

        failure.Failure.ShouldBe(PlatformFailure.EgressDenied);
        failure.Message.ShouldContain("s3.us-west-2.amazonaws.com");
    }

    [Fact]
    public async Task Rows_in_storage_are_read_with_the_links_headers_and_without_the_token()
    {
        _workspace.On("POST", "/api/2.0/sql/statements", asked => JsonElement.Parse(asked.Body).GetProperty("statement").GetString()!.Contains(".tables", StringComparison.Ordinal)
            ? JsonElement.Parse(asked.Body).GetProperty("disposition").GetString() == "INLINE"
                ? FakeWorkspace.StatementFailed("Inline byte limit exceeded.")
                : Links($"{_workspace.Address}storage/rows?sig=PLANTED")
            : FakeWorkspace.Succeeded([]));
        _workspace.On("GET", "/storage/rows", """[["s","t1","MANAGED","DELTA",null,null]]""");

        var tables = await CrawlAsync();

        tables.ShouldHaveSingleItem().Path.Name.ShouldBe("t1");
        var asked = _workspace.Requests.Single(r => r.Path == "/storage/rows");
        asked.Headers.ShouldNotContainKey("Authorization");
        asked.Headers["x-key"].ShouldBe("k");
    }

    [Fact]
    public async Task An_expired_link_is_asked_for_again()
    {
        _workspace.On("POST", "/api/2.0/sql/statements", asked => JsonElement.Parse(asked.Body).GetProperty("statement").GetString()!.Contains(".tables", StringComparison.Ordinal)
            ? JsonElement.Parse(asked.Body).GetProperty("disposition").GetString() == "INLINE"
                ? FakeWorkspace.StatementFailed("Inline byte limit exceeded.")
                : Links($"{_workspace.Address}storage/expired")
            : FakeWorkspace.Succeeded([]));
        _workspace.On("GET", "/storage/expired", "<Error>PLANTED</Error>", 403);
        _workspace.On("GET", "/api/2.0/sql/statements/s1/result/chunks/0", $$"""{"external_links":[{"chunk_index":0,"external_link":"{{_workspace.Address}}storage/fresh"}]}""");
        _workspace.On("GET", "/storage/fresh", """[["s","t1","MANAGED","DELTA",null,null]]""");

        (await CrawlAsync()).ShouldHaveSingleItem().Path.Name.ShouldBe("t1");
    }

    [Fact]
    public void Storage_hosts_are_those_of_the_cloud_and_region()
    {
        ExternalResults.HostsOf("aws", "eu-central-1").ShouldContain("s3.eu-central-1.amazonaws.com");
        ExternalResults.HostsOf("aws", "eu.evil.example").ShouldBeEmpty();
        ExternalResults.HostsOf("azure", "westeurope").ShouldContain("blob.core.windows.net");
        ExternalResults.HostsOf("gcp", null).ShouldBe(["storage.googleapis.com"]);
        ExternalResults.HostsOf(null, "us-east-1").ShouldBeEmpty();
    }

    [Fact]
    public async Task Rows_out_of_order_are_not_believed()
    {
        _workspace.OnStatement(sql => sql.Contains(".tables", StringComparison.Ordinal)
            ? FakeWorkspace.Succeeded([["s", "t2", "MANAGED", "DELTA", null, null], ["s", "t1", "MANAGED", "DELTA", null, null]])
            : FakeWorkspace.Succeeded([]));

        var failure = await Should.ThrowAsync<PlatformException>(CrawlAsync);

        failure.Message.ShouldContain("out of order");
    }

    private static FakeWorkspace.Answer Chunk(string rows, int index, int next) => new(
        $$"""{"statement_id":"s1","status":{"state":"SUCCEEDED"},"manifest":{"truncated":false},"result":{"chunk_index":{{index}},"data_array":{{rows}},"next_chunk_index":{{next}},"next_chunk_internal_link":"/x"} }""");

    private static FakeWorkspace.Answer Links(string url) => new(
        $$"""{"statement_id":"s1","status":{"state":"SUCCEEDED"},"manifest":{"total_chunk_count":1},"result":{"external_links":[{"chunk_index":0,"external_link":"{{url}}","expiration":"2999-01-01T00:00:00Z","http_headers":{"x-key":"k"} }]} }""");

    // Each statement is accepted, is in each of the states when it is looked at, and then has its result.
    private void Later(params string[] states) => Later(states, null);

    private void Later(string[] states, Action? looked)
    {
        var statements = 0;
        _workspace.OnStatement(sql =>
        {
            var id = $"s{Interlocked.Increment(ref statements)}";
            var looks = 0;
            _workspace.On("GET", $"/api/2.0/sql/statements/{id}", _ =>
            {
                looked?.Invoke();
                return ++looks < states.Length
                    ? new FakeWorkspace.Answer($$"""{"statement_id":"{{id}}","status":{"state":"{{states[looks]}}"} }""")
                    : FakeWorkspace.Succeeded(MiniSql.Run(sql, _workspace.Store.Views()), id);
            });
            return new FakeWorkspace.Answer($$"""{"statement_id":"{{id}}","status":{"state":"{{states[0]}}"} }""");
        });
    }

    private Task<List<DiscoveredObject>> CrawlAsync() => CrawlAsync(default);

    private async Task<List<DiscoveredObject>> CrawlAsync(CancellationToken cancellationToken)
    {
        await using var session = _workspace.Open();
        var pages = await session.CrawlAsync(new CrawlScope { Container = Catalog }, cancellationToken).ToListAsync(cancellationToken);
        return [.. pages.SelectMany(p => p.Objects).Where(o => o.Kind.IsReadable())];
    }
}
