using System.Net;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.Statements;

public sealed class StatementTests
{
    private const string Path = "/api/2.0/sql/statements";

    [Fact]
    public async Task A_statement_answers_its_manifest_and_its_rows()
    {
        await using var bench = await Bench.StartAsync();
        var json = (await bench.Engineer.Execute("SELECT order_id, total, status FROM sales.orders.orders ORDER BY 1 LIMIT 2")).ShouldSucceed().Json;
        json.GetProperty("status").GetProperty("state").GetString().ShouldBe("SUCCEEDED");
        var manifest = json.GetProperty("manifest");
        manifest.GetProperty("format").GetString().ShouldBe("JSON_ARRAY");
        manifest.GetProperty("total_row_count").GetInt64().ShouldBe(2);
        manifest.GetProperty("truncated").GetBoolean().ShouldBeFalse();
        manifest.GetProperty("schema").GetProperty("columns").EnumerateArray().Select(column => $"{column.GetProperty("name").GetString()} {column.GetProperty("type_text").GetString()} {column.GetProperty("type_name").GetString()}")
            .ShouldBe(["order_id BIGINT LONG", "total DECIMAL(12,2) DECIMAL", "status STRING STRING"]);
        manifest.GetProperty("schema").GetProperty("columns")[1].GetProperty("type_scale").GetInt32().ShouldBe(2);
        json.GetProperty("result").GetProperty("data_array")[0][0].GetString().ShouldBe("1");
        json.GetProperty("result").TryGetProperty("next_chunk_index", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task No_rows_have_no_data_array()
    {
        await using var bench = await Bench.StartAsync();
        var json = (await bench.Engineer.Execute("SELECT order_id FROM sales.orders.orders WHERE false")).ShouldSucceed().Json;
        json.GetProperty("manifest").GetProperty("total_chunk_count").GetInt32().ShouldBe(0);
        json.GetProperty("result").TryGetProperty("data_array", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("{\"wait_timeout\":\"3s\"}", "wait_timeout")]
    [InlineData("{\"wait_timeout\":\"51s\"}", "wait_timeout")]
    [InlineData("{\"wait_timeout\":\"0s\",\"on_wait_timeout\":\"CANCEL\"}", "on_wait_timeout")]
    [InlineData("{\"format\":\"ARROW_STREAM\"}", "ARROW_STREAM")]
    [InlineData("{\"format\":\"XML\"}", "XML")]
    [InlineData("{\"disposition\":\"BOTH\"}", "BOTH")]
    [InlineData("{\"row_limit\":0}", "row_limit")]
    [InlineData("{\"parameters\":[{\"value\":\"x\"}]}", "name")]
    [InlineData("{\"parameters\":[{\"name\":\"x\",\"type\":\"NONSENSE\"}]}", "NONSENSE")]
    public async Task A_request_that_breaks_a_rule_is_refused(string more, string named)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Execute("SELECT 1", JsonElement.Parse(more))).ShouldFail(400, "INVALID_PARAMETER_VALUE").Message.ShouldContain(named);
    }

    [Fact]
    public async Task An_unknown_warehouse_or_statement_is_refused()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Post(Path, new { statement = "SELECT 1", warehouse_id = "nothing" })).ShouldFail(400, "INVALID_PARAMETER_VALUE");
        (await bench.Engineer.Get($"{Path}/nothing")).ShouldFail(404, "NOT_FOUND");
        var mine = (await bench.Engineer.Execute("SELECT 1")).Json.GetProperty("statement_id").GetString();
        (await bench.Analyst.Get($"{Path}/{mine}")).ShouldFail(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_statement_is_pending_for_as_many_polls_as_told()
    {
        await using var bench = await Bench.StartAsync(new() { StatementPendingPolls = 2 });
        var first = (await bench.Engineer.Execute("SELECT 1", new { wait_timeout = "0s" })).ShouldSucceed().Json;
        State(first).ShouldBe("PENDING");
        var id = first.GetProperty("statement_id").GetString();
        State((await bench.Engineer.Get($"{Path}/{id}")).Json).ShouldBe("PENDING");
        State(await EndOf(bench.Engineer, id)).ShouldBe("SUCCEEDED");
    }

    [Fact]
    public async Task A_stopped_warehouse_keeps_statements_pending_until_it_has_started()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { WarehouseState = SandboxComputeState.Stopped, WarehouseStartDelay = TimeSpan.FromMinutes(5), Clock = clock });
        async Task<string?> WarehouseState() => (await bench.Engineer.Get($"/api/2.0/sql/warehouses/{bench.Sandbox.WarehouseId}")).Json.GetProperty("state").GetString();
        (await WarehouseState()).ShouldBe("STOPPED");
        var first = (await bench.Engineer.Execute("SELECT 1", new { wait_timeout = "0s" })).Json;
        State(first).ShouldBe("PENDING");
        (await WarehouseState()).ShouldBe("STARTING");
        clock.Advance(TimeSpan.FromMinutes(5));
        (await WarehouseState()).ShouldBe("RUNNING");
        State(await EndOf(bench.Engineer, first.GetProperty("statement_id").GetString())).ShouldBe("SUCCEEDED");
    }

    [Fact]
    public async Task A_cancelled_statement_stays_cancelled()
    {
        await using var bench = await Bench.StartAsync(new() { StatementPendingPolls = 100 });
        var id = (await bench.Engineer.Execute("SELECT 1", new { wait_timeout = "0s" })).Json.GetProperty("statement_id").GetString();
        (await bench.Engineer.Post($"{Path}/{id}/cancel", new { })).ShouldSucceed();
        State((await bench.Engineer.Get($"{Path}/{id}")).Json).ShouldBe("CANCELED");
        (await bench.Engineer.Get($"{Path}/{id}/result/chunks/0")).ShouldFail(400, "INVALID_PARAMETER_VALUE");
        State((await bench.Engineer.Execute("SELECT 1", new { wait_timeout = "5s", on_wait_timeout = "CANCEL" })).Json).ShouldBe("CANCELED");
    }

    [Theory]
    [InlineData("INLINE")]
    [InlineData("EXTERNAL_LINKS")]
    public async Task A_long_result_comes_in_chunks_that_may_be_read_in_any_order(string disposition)
    {
        await using var bench = await Bench.StartAsync(new() { ResultChunkBytes = 10_000 });
        var json = (await bench.Engineer.Execute("SELECT range AS n FROM range(5000)", new { disposition })).ShouldSucceed().Json;
        var manifest = json.GetProperty("manifest");
        var chunks = manifest.GetProperty("total_chunk_count").GetInt32();
        chunks.ShouldBeGreaterThan(3);
        manifest.GetProperty("total_row_count").GetInt64().ShouldBe(5000);
        manifest.GetProperty("chunks").EnumerateArray().Sum(chunk => chunk.GetProperty("row_count").GetInt64()).ShouldBe(5000);
        var id = json.GetProperty("statement_id").GetString();
        List<string?> values = [];
        for (var index = chunks - 1; index >= 0; index--)
        {
            var chunk = (await bench.Engineer.Get($"{Path}/{id}/result/chunks/{index}")).ShouldSucceed().Json;
            var rows = disposition == "INLINE" ? chunk.GetProperty("data_array") : JsonElement.Parse((await Fetch(chunk.GetProperty("external_links")[0].GetProperty("external_link").GetString()!)).Body);
            values.AddRange(rows.EnumerateArray().Select(row => row[0].GetString()));
        }

        values.Select(value => int.Parse(value!, System.Globalization.CultureInfo.InvariantCulture)).Order().ShouldBe(Enumerable.Range(0, 5000));
        (await bench.Engineer.Get($"{Path}/{id}/result/chunks/{chunks}")).ShouldFail(400, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task The_next_chunk_is_linked_until_the_last()
    {
        await using var bench = await Bench.StartAsync(new() { ResultChunkBytes = 10_000 });
        var result = (await bench.Engineer.Execute("SELECT range AS n FROM range(2000)")).Json.GetProperty("result");
        var read = result.GetProperty("row_count").GetInt64();
        while (result.TryGetProperty("next_chunk_internal_link", out var link))
        {
            result = (await bench.Engineer.Get(link.GetString()!)).ShouldSucceed().Json;
            result.GetProperty("row_offset").GetInt64().ShouldBe(read);
            read += result.GetProperty("row_count").GetInt64();
        }

        read.ShouldBe(2000);
    }

    [Fact]
    public async Task A_link_takes_no_token_and_ends()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { Clock = clock });
        var link = (await bench.Engineer.Execute("SELECT 1 AS n", new { disposition = "EXTERNAL_LINKS" })).Json.GetProperty("result").GetProperty("external_links")[0];
        link.GetProperty("expiration").GetString().ShouldBe("2026-05-04T12:15:00.000Z");
        var address = link.GetProperty("external_link").GetString()!;
        (await Fetch(address)).Body.ShouldBe("[[\"1\"]]");
        var refused = await Fetch(address, bench.Sandbox.TokenOf(SandboxCast.Engineer));
        refused.Status.ShouldBe(400);
        refused.Body.ShouldContain("<Code>InvalidArgument</Code>");
        (await Fetch(address.Replace("Signature=", "Signature=0", StringComparison.Ordinal))).Status.ShouldBe(403);
        clock.Advance(TimeSpan.FromMinutes(16));
        (await Fetch(address)).Body.ShouldContain("Request has expired");
    }

    [Fact]
    public async Task Limits_cut_a_result_and_say_so()
    {
        await using var bench = await Bench.StartAsync(new() { InlineByteLimit = 20_000 });
        var rows = (await bench.Engineer.Execute("SELECT range FROM range(1000)", new { row_limit = 10 })).Json.GetProperty("manifest");
        rows.GetProperty("total_row_count").GetInt64().ShouldBe(10);
        rows.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        (await bench.Engineer.Execute("SELECT range FROM range(1000)", new { byte_limit = 1000 })).Json.GetProperty("manifest").GetProperty("truncated").GetBoolean().ShouldBeTrue();
        (await bench.Engineer.Execute("SELECT range FROM range(10)", new { row_limit = 10 })).Json.GetProperty("manifest").GetProperty("truncated").GetBoolean().ShouldBeFalse();
        var failure = await bench.Engineer.Fails("SELECT range FROM range(10000)");
        failure.Message.ShouldBe("Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result size of at most 20000 bytes. Please execute the statement with disposition=EXTERNAL_LINKS if you want to download the full result.");
        failure.SqlState.ShouldBeNull();
        (await bench.Engineer.Execute("SELECT range FROM range(10000)", new { disposition = "EXTERNAL_LINKS" })).Json.GetProperty("manifest").GetProperty("total_row_count").GetInt64().ShouldBe(10_000);
    }

    [Fact]
    public async Task A_statement_that_runs_too_long_fails()
    {
        await using var bench = await Bench.StartAsync(new() { StatementTimeout = TimeSpan.FromMilliseconds(200) });
        var failure = await bench.Engineer.Fails("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b");
        failure.SqlState.ShouldBe("57KD0");
        failure.Message.ShouldStartWith("[QUERY_EXECUTION_TIMEOUT_EXCEEDED]");
    }

    [Fact]
    public async Task A_result_to_links_is_cut_at_its_limit()
    {
        await using var bench = await Bench.StartAsync(new() { ExternalByteLimit = 10_000 });
        var manifest = (await bench.Engineer.Execute("SELECT range FROM range(10000)", new { disposition = "EXTERNAL_LINKS" })).ShouldSucceed().Json.GetProperty("manifest");
        manifest.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        manifest.GetProperty("total_byte_count").GetInt64().ShouldBeInRange(9_000, 11_000);
    }

    [Fact]
    public async Task A_result_is_closed_after_its_time()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { Clock = clock });
        var id = (await bench.Engineer.Execute("SELECT 1")).Json.GetProperty("statement_id").GetString();
        clock.Advance(TimeSpan.FromMinutes(61));
        State((await bench.Engineer.Get($"{Path}/{id}")).Json).ShouldBe("CLOSED");
        (await bench.Engineer.Get($"{Path}/{id}/result/chunks/0")).ShouldFail(404, "NOT_FOUND");
    }

    [Fact]
    public async Task More_statements_than_places_wait_their_turn_and_all_end()
    {
        await using var bench = await Bench.StartAsync(new() { ConcurrencyLimit = 1 });
        var context = await CommandSession.OpenAsync(bench);
        // Long enough to overlap, if they could.
        var answers = Task.WhenAll(Enumerable.Range(0, 6).Select(index => bench.Engineer.Rows($"SELECT {index}, sum(range) FROM range(20000000)")));
        await context.Runs("SELECT sum(range) FROM range(20000000)");
        (await answers).Select(rows => rows[0][1]).ShouldAllBe(sum => sum == "199999990000000");
        bench.Sandbox.Requests.OfVerb("SELECT").ShouldBe(7);
        bench.Sandbox.Requests.MostStatementsAtOnce.ShouldBe(1);
    }

    [Fact]
    public async Task A_reused_result_is_that_of_the_newest_state()
    {
        await using var bench = await Bench.StartAsync(new() { ReuseResults = true });
        async Task<string?> Count(string from) => (await bench.Engineer.Rows($"SELECT count(*) FROM {from}")).Single()[0];
        var tables = await Count("sales.information_schema.tables");
        (await Count("sales.information_schema.tables")).ShouldBe(tables);
        (await Count("sales.products.prices")).ShouldBe("24");
        await bench.Engineer.Rows("CREATE TABLE sales.orders.fresh (a INT)");
        (await Count("sales.information_schema.tables")).ShouldNotBe(tables);
        await bench.Engineer.Rows("DELETE FROM sales.products.prices WHERE product_id > 4");
        (await Count("sales.products.prices")).ShouldBe("4");
    }

    private static string? State(JsonElement json) => json.GetProperty("status").GetProperty("state").GetString();

    private static async Task<JsonElement> EndOf(RestClient client, string? id)
    {
        var ended = await Eventually.AnswerAsync(
            async () =>
            {
                var answer = (await client.Get($"{Path}/{id}")).ShouldSucceed();
                return State(answer.Json) is "PENDING" or "RUNNING" ? null : answer;
            },
            $"statement {id} has ended");
        return ended.Json;
    }

    private static async Task<(int Status, string Body)> Fetch(string address, string? token = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        if (token is null && response.StatusCode == HttpStatusCode.OK) response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
