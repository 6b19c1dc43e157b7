using System.Diagnostics;
using Sluice.Sandbox.Snowflake.Faults;

namespace Sluice.Sandbox.Snowflake.Tests.Faults;

public sealed class FaultTests
{
    [Theory]
    [InlineData(SnowflakeSandboxFaultKind.Throttle, 429, "")]
    [InlineData(SnowflakeSandboxFaultKind.Unavailable, 503, "")]
    [InlineData(SnowflakeSandboxFaultKind.ServerError, 500, "")]
    [InlineData(SnowflakeSandboxFaultKind.StatementTimeout, 200, "000630")]
    [InlineData(SnowflakeSandboxFaultKind.InternalError, 200, "000603")]
    [InlineData(SnowflakeSandboxFaultKind.ExpireSession, 200, "390112")]
    public async Task A_refusing_fault_answers_its_error_and_does_nothing(SnowflakeSandboxFaultKind kind, int status, string code)
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new SnowflakeSandboxFault { Operation = "query:CREATE ROLE", Kind = kind, Times = 1 });
        var answer = await bench.Admin.QueryAsync("CREATE ROLE R");
        answer.Status.ShouldBe(status);
        if (code.Length > 0) answer.ShouldFail(code);
        (await bench.Admin.QueryAsync("SHOW ROLES LIKE 'R'")).Rows.ShouldBeEmpty();
        (await bench.Admin.QueryAsync("CREATE ROLE R")).ShouldSucceed();
    }

    [Theory]
    [InlineData(SnowflakeSandboxFaultKind.Drop, 0)]
    [InlineData(SnowflakeSandboxFaultKind.DropAfterCommit, 1)]
    [InlineData(SnowflakeSandboxFaultKind.CutAnswer, 1)]
    public async Task A_dropped_connection_comes_before_or_after_the_work(SnowflakeSandboxFaultKind kind, int made)
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new SnowflakeSandboxFault { Operation = "query:CREATE", Kind = kind });
        await Should.ThrowAsync<HttpRequestException>(() => bench.Admin.QueryAsync("CREATE ROLE R"));
        (await bench.Admin.QueryAsync("SHOW ROLES LIKE 'R'")).Rows.Length.ShouldBe(made);
        bench.Sandbox.Requests.Errors[kind.ToString()].ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_never_comes_does_not_hold_up_the_end()
    {
        var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new SnowflakeSandboxFault { Operation = "query", Kind = SnowflakeSandboxFaultKind.HangAfterCommit, Times = 1 });
        var hanging = bench.Admin.QueryAsync("CREATE ROLE R");
        while (!bench.Sandbox.Requests.Errors.ContainsKey("HangAfterCommit")) await Task.Yield();
        (await bench.Admin.QueryAsync("SHOW ROLES LIKE 'R'")).Rows.Length.ShouldBe(1);
        hanging.IsCompleted.ShouldBeFalse();
        var watch = Stopwatch.StartNew();
        await bench.DisposeAsync();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await Should.ThrowAsync<Exception>(() => hanging);
    }

    [Fact]
    public void A_rule_meets_its_operation_and_what_begins_with_it()
    {
        static bool Fires(string rule, string operation) =>
            new FaultPlan([new() { Operation = rule, Kind = SnowflakeSandboxFaultKind.Throttle }], seed: 1).Decide(operation).Kind is not null;
        Fires("*", "login").ShouldBeTrue();
        Fires("query", "query:SHOW TABLES").ShouldBeTrue();
        Fires("query:SHOW", "query:SHOW TABLES").ShouldBeTrue();
        Fires("query:SHOW TABLE", "query:SHOW TABLES").ShouldBeFalse();
        Fires("query:SHOW TABLES", "query:SHOW").ShouldBeFalse();
        Fires("login", "query:SELECT").ShouldBeFalse();
    }

    [Fact]
    public void A_fault_fires_every_nth_time_after_some_and_at_most_so_often()
    {
        var plan = new FaultPlan([new() { Kind = SnowflakeSandboxFaultKind.Throttle, After = 2, Every = 3, Times = 2 }], seed: 1);
        Enumerable.Range(1, 14).Where(_ => plan.Decide("query:SELECT").Kind is not null).ShouldBe([5, 8]);
    }

    [Fact]
    public void Latencies_add_up_and_the_first_other_fault_decides()
    {
        var plan = new FaultPlan(
            [
                new() { Kind = SnowflakeSandboxFaultKind.Latency, LatencyMilliseconds = 100 },
                new() { Kind = SnowflakeSandboxFaultKind.SlowStatement, LatencyMilliseconds = 7 },
                new() { Kind = SnowflakeSandboxFaultKind.Throttle },
                new() { Kind = SnowflakeSandboxFaultKind.Drop },
                new() { Kind = SnowflakeSandboxFaultKind.Latency, LatencyMilliseconds = 20 },
            ],
            seed: 1);
        plan.Decide("login").ShouldBe(new(TimeSpan.FromMilliseconds(120), TimeSpan.FromMilliseconds(7), SnowflakeSandboxFaultKind.Throttle));
    }
}
