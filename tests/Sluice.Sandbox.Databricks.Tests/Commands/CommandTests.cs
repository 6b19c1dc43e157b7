using System.Text.Json;
using Sluice.Sandbox.Databricks.Commands;

namespace Sluice.Sandbox.Databricks.Tests.Commands;

public sealed class CommandTests
{
    [Fact]
    public async Task A_context_keeps_what_its_commands_use()
    {
        await using var bench = await Bench.StartAsync();
        var context = await Context(bench);
        (await Run(bench, context, "USE CATALOG sales")).GetProperty("resultType").GetString().ShouldBe("table");
        await Run(bench, context, "USE SCHEMA orders");
        var results = await Run(bench, context, "SELECT order_id, status, total, order_id > 1 AS more FROM orders ORDER BY 1 LIMIT 2");
        results.GetProperty("schema").EnumerateArray().Select(column => $"{column.GetProperty("name").GetString()} {column.GetProperty("type").GetString()}").ShouldBe(["order_id \"long\"", "status \"string\"", "total \"decimal(12,2)\"", "more \"boolean\""]);
        results.GetProperty("data")[0][0].GetInt64().ShouldBe(1);
        results.GetProperty("data")[1][3].GetBoolean().ShouldBeTrue();
        results.GetProperty("truncated").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_failed_command_is_finished_with_an_error_for_a_result()
    {
        await using var bench = await Bench.StartAsync();
        var results = await Run(bench, await Context(bench), "SELECT * FROM nothing.at.all");
        results.GetProperty("resultType").GetString().ShouldBe("error");
        results.GetProperty("summary").GetString().ShouldNotBeNull().ShouldContain("[TABLE_OR_VIEW_NOT_FOUND]");
        results.GetProperty("cause").GetString().ShouldNotBeNull().ShouldContain("42P01");
    }

    [Fact]
    public async Task A_table_of_a_command_ends_at_ten_thousand_rows()
    {
        await using var bench = await Bench.StartAsync();
        var results = await Run(bench, await Context(bench), "SELECT range FROM range(10001)");
        results.GetProperty("data").GetArrayLength().ShouldBe(10_000);
        results.GetProperty("truncated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_table_of_a_command_ends_at_two_megabytes()
    {
        await using var bench = await Bench.StartAsync();
        var results = await Run(bench, await Context(bench), "SELECT repeat('x', 1000) AS x FROM range(9000)");
        results.GetProperty("data").GetArrayLength().ShouldBeInRange(2_000, 2_100);
        results.GetProperty("truncated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_context_too_many_pushes_out_the_one_that_idled_longest()
    {
        await using var bench = await Bench.StartAsync();
        var first = await Context(bench);
        var second = await Context(bench);
        await Run(bench, first, "SELECT 1");
        for (var more = 2; more < CommandStore.MostContexts; more++) await Context(bench);
        await Run(bench, second, "SELECT 1");
        await Run(bench, first, "SELECT 1");

        await Context(bench);
        await Run(bench, first, "SELECT 1");
        await Run(bench, second, "SELECT 1");
        for (var more = 2; more < CommandStore.MostContexts; more++) await Context(bench);

        (await bench.Engineer.Get($"/api/1.2/contexts/status?clusterId={bench.Sandbox.ClusterId}&contextId={first}")).ShouldSucceed();
        await Context(bench);
        (await bench.Engineer.Get($"/api/1.2/contexts/status?clusterId={bench.Sandbox.ClusterId}&contextId={first}")).Reason.ShouldContain("ContextNotFound");
    }

    [Fact]
    public async Task Contexts_that_are_busy_leave_no_room_for_another()
    {
        await using var bench = await Bench.StartAsync(new() { StatementPendingPolls = 100 });
        for (var more = 0; more < CommandStore.MostContexts; more++)
        {
            await Post(bench, "commands/execute", new { clusterId = bench.Sandbox.ClusterId, contextId = await Context(bench), language = "sql", command = "SELECT 1" });
        }

        (await Post(bench, "contexts/create", new { clusterId = bench.Sandbox.ClusterId, language = "sql" })).Reason.ShouldContain("Too many execution contexts");
    }

    [Fact]
    public async Task Only_the_latest_commands_of_a_context_are_kept()
    {
        await using var bench = await Bench.StartAsync();
        var context = await Context(bench);
        async Task<string> Execute()
        {
            var id = (await Post(bench, "commands/execute", new { clusterId = bench.Sandbox.ClusterId, contextId = context, language = "sql", command = "SELECT 1" })).ShouldSucceed().Json.GetProperty("id").GetString()!;
            await Eventually.AnswerAsync(async () => (await Status(id)).Json.GetProperty("status").GetString() == "Finished" ? id : null, "the command has ended");
            return id;
        }

        Task<Answer> Status(string id) => bench.Engineer.Get($"/api/1.2/commands/status?clusterId={bench.Sandbox.ClusterId}&contextId={context}&commandId={id}");
        var first = await Execute();
        for (var more = 1; more < CommandContext.MostKept; more++) await Execute();
        (await Status(first)).ShouldSucceed();

        await Execute();

        (await Status(first)).Reason.ShouldContain("CommandNotFound");
    }

    [Fact]
    public async Task Commands_are_queued_cancelled_and_forgotten_with_their_context()
    {
        await using var bench = await Bench.StartAsync(new() { StatementPendingPolls = 100 });
        var context = await Context(bench);
        var id = (await Post(bench, "commands/execute", new { clusterId = bench.Sandbox.ClusterId, contextId = context, language = "sql", command = "SELECT 1" })).ShouldSucceed().Json.GetProperty("id").GetString();
        var status = $"/api/1.2/commands/status?clusterId={bench.Sandbox.ClusterId}&contextId={context}&commandId={id}";
        (await bench.Engineer.Get(status)).Json.GetProperty("status").GetString().ShouldBe("Queued");
        (await Post(bench, "commands/cancel", new { clusterId = bench.Sandbox.ClusterId, contextId = context, commandId = id })).ShouldSucceed();
        (await bench.Engineer.Get(status)).Json.GetProperty("status").GetString().ShouldBe("Cancelled");
        (await Post(bench, "contexts/destroy", new { clusterId = bench.Sandbox.ClusterId, contextId = context })).ShouldSucceed();
        (await bench.Engineer.Get(status)).Json.GetProperty("error").GetString().ShouldNotBeNull().ShouldContain("ContextNotFound");
    }

    [Fact]
    public async Task A_context_is_its_makers_alone_and_speaks_sql()
    {
        await using var bench = await Bench.StartAsync();
        var context = await Context(bench);
        (await bench.Engineer.Get($"/api/1.2/contexts/status?clusterId={bench.Sandbox.ClusterId}&contextId={context}")).Json.GetProperty("status").GetString().ShouldBe("Running");
        (await bench.Analyst.Get($"/api/1.2/contexts/status?clusterId={bench.Sandbox.ClusterId}&contextId={context}")).Status.ShouldBe(404);
        (await Post(bench, "contexts/create", new { clusterId = bench.Sandbox.ClusterId, language = "python" })).Status.ShouldBe(400);
        (await Post(bench, "contexts/create", new { clusterId = "nothing", language = "sql" })).Status.ShouldBe(400);
        (await bench.Engineer.Get($"/api/2.1/clusters/get?cluster_id={bench.Sandbox.ClusterId}")).Json.GetProperty("state").GetString().ShouldBe("RUNNING");
        (await bench.Engineer.Get("/api/2.1/clusters/get?cluster_id=nothing")).ShouldFail(400, "INVALID_PARAMETER_VALUE").Message.ShouldBe("Cluster nothing does not exist");
    }

    private static Task<Answer> Post(Bench bench, string path, object body) => bench.Engineer.Post($"/api/1.2/{path}", body);

    private static async Task<string> Context(Bench bench) =>
        (await Post(bench, "contexts/create", new { clusterId = bench.Sandbox.ClusterId, language = "sql" })).ShouldSucceed().Json.GetProperty("id").GetString()!;

    private static async Task<JsonElement> Run(Bench bench, string context, string command)
    {
        var id = (await Post(bench, "commands/execute", new { clusterId = bench.Sandbox.ClusterId, contextId = context, language = "sql", command })).ShouldSucceed().Json.GetProperty("id").GetString();
        var ended = await Eventually.AnswerAsync(
            async () =>
            {
                var answer = (await bench.Engineer.Get($"/api/1.2/commands/status?clusterId={bench.Sandbox.ClusterId}&contextId={context}&commandId={id}")).ShouldSucceed();
                return answer.Json.GetProperty("status").GetString() is "Queued" or "Running" ? null : answer;
            },
            $"the command has ended: {command}");
        return ended.Json.GetProperty("results");
    }
}
