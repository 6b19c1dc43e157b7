using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Statements;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Tests.Statements;

/// <summary>What is kept of statements, and for how long: nothing of it shows over the wire.</summary>
public sealed class StatementStoreTests
{
    private const string Large = "SELECT range, 'a text that makes a row of some length' AS t FROM range(100000)";

    [Fact]
    public async Task A_result_beyond_the_inline_limit_leaves_no_file()
    {
        using var runtime = new SandboxRuntime(new() { InlineByteLimit = 4_000_000, ResultChunkBytes = 100_000 });

        var run = await RunAsync(runtime, Large);

        run.Outcome.Error.ShouldNotBeNull().Message.ShouldContain("Inline byte limit exceeded");
        Directory.Exists(runtime.SpoolFolder).ShouldBeTrue("the result was written to a file before it grew too large");
        Files(runtime).ShouldBe(0);
    }

    [Fact]
    public async Task An_old_result_lets_its_file_go()
    {
        var clock = ManualClock.Started();
        using var runtime = new SandboxRuntime(new() { Clock = clock, ResultChunkBytes = 100_000 });
        var run = await RunAsync(runtime, Large);
        Files(runtime).ShouldBe(1);

        clock.Advance(TimeSpan.FromMinutes(61));
        await RunAsync(runtime, "SELECT 1");

        run.State.ShouldBe(StatementState.Closed);
        run.Outcome.Result.ShouldBeNull();
        Files(runtime).ShouldBe(0);
    }

    [Fact]
    public async Task A_statement_that_was_let_go_before_it_ended_leaves_no_file()
    {
        using var runtime = new SandboxRuntime(new() { ResultChunkBytes = 100_000 });
        var run = runtime.Statements.Add(Request("SELECT range, 'a text that makes a row of some length' AS t FROM range(50000000)"));
        run.TryStart(isPoll: false);
        await Eventually.TrueAsync(() => Files(runtime) == 1, "the result is being written");

        runtime.Statements.Clear();

        run.State.ShouldBe(StatementState.Canceled);
        await Eventually.TrueAsync(() => Files(runtime) == 0, "the result is gone");
    }

    [Fact]
    public async Task No_more_ended_statements_are_kept_than_the_most()
    {
        using var runtime = new SandboxRuntime(new());
        var first = await RunAsync(runtime, "SELECT 1");
        StatementRun last = first;
        for (var more = 0; more < StatementStore.MostKept * 12 / 10; more++)
        {
            last = runtime.Statements.Add(Request("SELECT 1"));
            last.Cancel();
        }

        runtime.Statements.Find(first.Id).ShouldBeNull();
        first.State.ShouldBe(StatementState.Closed);
        runtime.Statements.Find(last.Id).ShouldBeSameAs(last);
    }

    [Fact]
    public async Task A_repeated_query_is_answered_from_its_first_result_until_something_changes()
    {
        using var runtime = new SandboxRuntime(new() { ReuseResults = true, ResultChunkBytes = 100_000 });
        var first = await RunAsync(runtime, Large);

        var again = await RunAsync(runtime, Large);
        again.Outcome.Result.ShouldNotBeNull().ShouldBeSameAs(first.Outcome.Result);

        // The first to be let go takes nothing from the other.
        first.Dispose();
        again.Outcome.Result.ReadChunk(again.Outcome.Result.Chunks.Count - 1).Length.ShouldBeGreaterThan(0);
        runtime.Engine.Touch();
        (await RunAsync(runtime, Large)).Outcome.Result.ShouldNotBeSameAs(again.Outcome.Result);
        runtime.Statements.Clear();
        Files(runtime).ShouldBe(0);
    }

    [Fact]
    public async Task Without_the_option_each_query_is_answered_anew()
    {
        using var runtime = new SandboxRuntime(new());
        var first = await RunAsync(runtime, "SELECT 1");
        (await RunAsync(runtime, "SELECT 1")).Outcome.Result.ShouldNotBeSameAs(first.Outcome.Result);
    }

    [Theory]
    [InlineData("SELECT uuid()")]
    [InlineData("SELECT rand()")]
    [InlineData("SELECT current_date()")]
    public async Task What_is_made_up_or_tells_the_time_is_answered_anew(string statement)
    {
        using var runtime = new SandboxRuntime(new() { ReuseResults = true });
        new ResultKey(runtime, Request(statement)).IsCacheable.ShouldBeFalse();
        var first = await RunAsync(runtime, statement);
        (await RunAsync(runtime, statement)).Outcome.Result.ShouldNotBeSameAs(first.Outcome.Result);
    }

    [Fact]
    public void Values_of_two_types_are_two_questions()
    {
        using var runtime = new SandboxRuntime(new());
        ResultKey Key(string type, string? value = "1") => new(runtime, Request("SELECT :a", new() { ["a"] = new(value, Databricks.Sql.SqlType.Parse(type)) }));
        Key("int").ShouldBe(Key("int"));
        Key("int").ShouldNotBe(Key("string"));
        Key("string", null).ShouldNotBe(Key("string", ""));
    }

    private static int Files(SandboxRuntime runtime) => Directory.Exists(runtime.SpoolFolder) ? Directory.GetFiles(runtime.SpoolFolder).Length : 0;

    private static StatementRequest Request(string text, Dictionary<string, StatementParameter>? parameters = null) =>
        new() { Text = text, Session = new(Caller.System, null, null) { Parameters = parameters ?? [] } };

    private static async Task<StatementRun> RunAsync(SandboxRuntime runtime, string text)
    {
        var run = runtime.Statements.Add(Request(text));
        run.TryStart(isPoll: false);
        await run.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return run;
    }
}
