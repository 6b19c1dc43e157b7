using System.Text.Json.Nodes;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Sql;
using Sluice.Platforms.Snowflake.Tests.Fakes;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>Results: rows with the answer, rows in chunks, several results of one request.</summary>
public sealed class ResultTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chunks_follow_the_rows_of_the_answer_in_order(bool compressed)
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("SELECT MANY", account.Chunked(["A", "B"], [["0", null]], compressed, [["1", "x"], ["2", "y"]], [["3", null]], [["4", "\"[],\\"]]));
        await using var client = new Client(account);

        using var result = await client.Statements.RunAsync(new Statement("SELECT MANY"), TestContext.Current.CancellationToken);
        var rows = await RowsAsync(result);

        rows.ShouldBe(["0|", "1|x", "2|y", "3|", "4|\"[],\\"]);
        var chunk = account.Requests.First(r => r.Path.StartsWith("/chunk/", StringComparison.Ordinal));
        chunk.Headers["x-amz-server-side-encryption-customer-key"].ShouldBe("chunk-key");
        chunk.Authorization.ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_takes_no_more_rows_leaves_the_rest_unread()
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("SELECT MANY", account.Chunked(["A"], [], true, [.. Enumerable.Range(0, 50).Select(i => (string?[][])[[$"{i}"]])]));
        await using var client = new Client(account);

        using var result = await client.Statements.RunAsync(new Statement("SELECT MANY"), TestContext.Current.CancellationToken);
        await foreach (var row in result.RowsAsync(TestContext.Current.CancellationToken))
        {
            row.ShouldBe(["0"]);
            break;
        }

        account.Requests.Count(r => r.Path.StartsWith("/chunk/", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_chunk_that_is_cut_off_is_a_failure_and_no_end()
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("SELECT MANY", account.Chunked(["A"], [], false, [["1"]]));
        var answer = JsonNode.Parse(FakeAccount.Rows(["A"]).Body)!;
        answer["data"]!["chunks"] = new JsonArray(new JsonObject { ["url"] = new Uri(account.Address, "/cut").AbsoluteUri });
        account.On("SELECT CUT", new FakeAccount.Answer(answer.ToJsonString())).On("/cut", new FakeAccount.Answer("""["1"],["2" """));
        await using var client = new Client(account);

        using var result = await client.Statements.RunAsync(new Statement("SELECT CUT"), TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<PlatformException>(RowsAsync(result))).Failure.ShouldBe(PlatformFailure.Refused);
    }

    [Fact]
    public async Task Bindings_go_beside_the_statement()
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("SELECT ?", FakeAccount.Rows(["A"]));
        await using var client = new Client(account);

        using var result = await client.Statements.RunAsync(new Statement("SELECT ?, ?") { Bindings = ["it's", "ü"] }, TestContext.Current.CancellationToken);

        account.Statements.Single().Bindings.ShouldBe(["it's", "ü"]);
    }

    [Fact]
    public async Task Several_statements_take_one_request_and_no_result_is_asked_for()
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("SELECT 1", new FakeAccount.Answer(
            """{"data": {"queryId": "p", "resultIds": "r1,r2", "resultTypes": "4096,4096", "rowtype": [], "rowset": []}, "code": null, "message": null, "success": true}"""));
        await using var client = new Client(account);

        await client.Statements.RunAllAsync(new Statement("SELECT 1; SELECT 2") { Count = 2 }, TestContext.Current.CancellationToken);

        account.Statements.Single().Json.GetProperty("parameters").GetProperty("MULTI_STATEMENT_COUNT").GetInt32().ShouldBe(2);
        account.Requests.ShouldNotContain(r => r.Path.EndsWith("/result", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r1,r2,r3")]
    [InlineData("")]
    public async Task Statements_that_Snowflake_does_not_tell_of_are_not_taken_for_done(string results)
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("SELECT 1", new FakeAccount.Answer(
            $$$"""{"data": {"queryId": "p", "resultIds": "{{{results}}}", "rowtype": [], "rowset": []}, "code": null, "message": null, "success": true}"""));
        await using var client = new Client(account);

        (await Should.ThrowAsync<PlatformException>(client.Statements.RunAllAsync(new Statement("SELECT 1; SELECT 2") { Count = 2 }, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("which were run can't be said");
    }

    [Fact]
    public async Task A_result_in_another_format_is_said()
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("SELECT", new FakeAccount.Answer("""{"data": {"queryResultFormat": "arrow", "rowsetbase64": "AA"}, "code": null, "success": true}"""));
        await using var client = new Client(account);

        (await Should.ThrowAsync<PlatformException>(client.Statements.RunAsync(new Statement("SELECT"), TestContext.Current.CancellationToken)))
            .Message.ShouldContain("arrow");
    }

    [Fact]
    public async Task A_missing_column_is_said()
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("SELECT", FakeAccount.Rows(["A"]));
        await using var client = new Client(account);

        using var result = await client.Statements.RunAsync(new Statement("SELECT"), TestContext.Current.CancellationToken);

        result.Column("a").ShouldBe(0);
        Should.Throw<PlatformException>(() => result.Column("B")).Message.ShouldContain("column B");
    }

    private static async Task<List<string>> RowsAsync(ResultSet result)
    {
        var rows = new List<string>();
        await foreach (var row in result.RowsAsync(TestContext.Current.CancellationToken)) rows.Add(string.Join('|', row));
        return rows;
    }

    private sealed class Client : IAsyncDisposable
    {
        private readonly SessionWiring _wiring;
        private readonly AccountSession _session;

        public Client(FakeAccount account)
        {
            var egress = new EgressGuard(Payload.Loopback);
            var connection = new SnowflakeConnection
            {
                AuthenticationType = AuthenticationTypes.UserPassword, Host = EndpointHost.Parse("http://127.0.0.1", new EgressGuard(Payload.Loopback), [], out _)!, Port = account.Address.Port,
                Warehouse = "WH", Role = "R", Username = "U",
            };
            _wiring = new SessionWiring(egress, account.Options, TimeProvider.System, connection, new Dictionary<string, string> { ["password"] = "p" });
            _session = _wiring.Session(SnowflakeName.Exact("R"));
            Statements = _wiring.Statements(_session, account.Options.Retry);
        }

        public StatementClient Statements { get; }

        public async ValueTask DisposeAsync()
        {
            await _session.DisposeAsync();
            _wiring.Dispose();
        }
    }
}
