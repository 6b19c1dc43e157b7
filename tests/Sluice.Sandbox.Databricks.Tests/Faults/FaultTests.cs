using System.Diagnostics;
using Sluice.Sandbox.Databricks.Faults;

namespace Sluice.Sandbox.Databricks.Tests.Faults;

public sealed class FaultTests
{
    private const string Catalogs = $"{RestClient.Catalog}/catalogs?max_results=2&include_browse=true";

    [Theory]
    [InlineData(DatabricksSandboxFaultKind.Throttle, 429, "REQUEST_LIMIT_EXCEEDED")]
    [InlineData(DatabricksSandboxFaultKind.ThrottleWithoutRetryAfter, 429, "REQUEST_LIMIT_EXCEEDED")]
    [InlineData(DatabricksSandboxFaultKind.ServerError, 500, "INTERNAL_ERROR")]
    [InlineData(DatabricksSandboxFaultKind.Unavailable, 503, "TEMPORARILY_UNAVAILABLE")]
    [InlineData(DatabricksSandboxFaultKind.ExpireAccessToken, 403, "403")]
    public async Task A_refusing_fault_answers_its_error_and_does_nothing(DatabricksSandboxFaultKind kind, int status, string code)
    {
        await using var bench = await Bench.StartAsync(new() { RetryAfterSeconds = 7 });
        bench.Sandbox.SetFaults(new DatabricksSandboxFault { Operation = "statements.execute", Kind = kind, Times = 1 });
        var answer = await Create(bench);
        answer.ShouldFail(status, code);
        (answer.Headers.RetryAfter?.Delta?.TotalSeconds).ShouldBe(kind == DatabricksSandboxFaultKind.Throttle ? 7 : null);
        bench.Sandbox.Requests.OfVerb("CREATE TABLE").ShouldBe(0);
        (await Create(bench)).ShouldSucceed();
    }

    [Theory]
    [InlineData(DatabricksSandboxFaultKind.Drop, false)]
    [InlineData(DatabricksSandboxFaultKind.DropAfterCommit, true)]
    [InlineData(DatabricksSandboxFaultKind.CutAnswer, true)]
    public async Task A_dropped_connection_comes_before_or_after_the_work(DatabricksSandboxFaultKind kind, bool done)
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new DatabricksSandboxFault { Operation = "statements.*", Kind = kind });
        await Should.ThrowAsync<HttpRequestException>(() => Create(bench));
        (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.fresh")).Status.ShouldBe(done ? 200 : 404);
        bench.Sandbox.Requests.Errors[kind.ToString()].ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_never_comes_does_not_undo_the_work_nor_hold_up_the_end()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new DatabricksSandboxFault { Operation = "statements.execute", Kind = DatabricksSandboxFaultKind.HangAfterCommit });
        var hanging = Create(bench);
        await Eventually.TrueAsync(() => bench.Sandbox.Requests.Errors.ContainsKey("HangAfterCommit"), "a request hangs");
        hanging.IsCompleted.ShouldBeFalse();
        (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.fresh")).ShouldSucceed();
        var watch = Stopwatch.StartNew();
        await bench.Sandbox.DisposeAsync();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await Should.ThrowAsync<HttpRequestException>(() => hanging);
    }

    [Fact]
    public async Task No_more_requests_are_served_at_once_than_the_limit_lets_through()
    {
        await using var bench = await Bench.StartAsync(new() { RequestsAtOnce = 1 });
        bench.Sandbox.SetFaults(new DatabricksSandboxFault { Operation = "statements.execute", Kind = DatabricksSandboxFaultKind.HangAfterCommit });
        var hanging = Create(bench);
        await Eventually.TrueAsync(() => bench.Sandbox.Requests.Errors.ContainsKey("HangAfterCommit"), "a request hangs");

        (await bench.Engineer.Get(Catalogs)).ShouldFail(429, "REQUEST_LIMIT_EXCEEDED").Headers.RetryAfter.ShouldNotBeNull();

        bench.Sandbox.Requests.MostAtOnce.ShouldBe(2);
        await bench.Sandbox.DisposeAsync();
        await Should.ThrowAsync<HttpRequestException>(() => hanging);
    }

    [Fact]
    public async Task Empty_pages_lead_on_and_nothing_is_lost()
    {
        await using var bench = await Bench.StartAsync();
        var (whole, pages) = await bench.Admin.All(Catalogs, "catalogs");
        bench.Sandbox.SetFaults(new DatabricksSandboxFault { Operation = "catalogs.list", Kind = DatabricksSandboxFaultKind.EmptyPage, Every = 2 });
        var (items, more) = await bench.Admin.All(Catalogs, "catalogs");
        items.Select(item => item.ToString()).ShouldBe(whole.Select(item => item.ToString()));
        more.ShouldBe((pages * 2) - 1);
    }

    [Fact]
    public async Task A_duplicated_page_comes_once_more()
    {
        await using var bench = await Bench.StartAsync();
        var (whole, pages) = await bench.Admin.All(Catalogs, "catalogs");
        bench.Sandbox.SetFaults(new DatabricksSandboxFault { Operation = "catalogs.list", Kind = DatabricksSandboxFaultKind.DuplicatePage, Times = 1, After = 1 });
        var (items, more) = await bench.Admin.All(Catalogs, "catalogs");
        more.ShouldBe(pages + 1);
        items.Count.ShouldBe(whole.Count + 2);
        items.Select(item => item.ToString()).Distinct().Count().ShouldBe(whole.Count);
    }

    [Fact]
    public async Task A_page_token_expires_when_told_to_or_by_its_age()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { PageTokenLifetime = TimeSpan.FromMinutes(1), Clock = clock });
        bench.Sandbox.SetFaults(new DatabricksSandboxFault { Operation = "catalogs.list", Kind = DatabricksSandboxFaultKind.ExpirePageToken, Times = 1 });
        var token = (await bench.Admin.Get(Catalogs)).ShouldSucceed().Json.GetProperty("next_page_token").GetString();
        var next = $"{Catalogs}&page_token={Uri.EscapeDataString(token!)}";
        (await bench.Admin.Get(next)).ShouldFail(400, "INVALID_PARAMETER_VALUE").Message.ShouldContain("expired");
        (await bench.Admin.Get(next)).ShouldSucceed();
        clock.Advance(TimeSpan.FromMinutes(2));
        (await bench.Admin.Get(next)).ShouldFail(400, "INVALID_PARAMETER_VALUE").Message.ShouldContain("expired");
    }

    [Fact]
    public async Task A_page_token_serves_its_own_list_and_caller_alone()
    {
        await using var bench = await Bench.StartAsync();
        var token = Uri.EscapeDataString((await bench.Admin.Get(Catalogs)).ShouldSucceed().Json.GetProperty("next_page_token").GetString()!);
        (await bench.Engineer.Get($"{Catalogs}&page_token={token}")).ShouldFail(400, "INVALID_PARAMETER_VALUE");
        (await bench.Admin.Get($"{RestClient.Catalog}/schemas?catalog_name=sales&page_token={token}")).ShouldFail(400, "INVALID_PARAMETER_VALUE");
        (await bench.Admin.Get($"{RestClient.Catalog}/catalogs?include_browse=true&max_results=1&page_token={token}")).ShouldSucceed();
    }

    [Fact]
    public async Task A_fault_fires_every_nth_time_after_some_and_at_most_so_often()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new DatabricksSandboxFault { Operation = "catalogs.*", Kind = DatabricksSandboxFaultKind.Throttle, After = 2, Every = 3, Times = 2 });
        List<int> failed = [];
        for (var request = 1; request <= 14; request++)
        {
            if ((await bench.Admin.Get(Catalogs)).Status != 200) failed.Add(request);
        }

        failed.ShouldBe([5, 8]);
    }

    [Fact]
    public void Latencies_add_up_chances_follow_the_seed_and_the_first_other_fault_decides()
    {
        var plan = new FaultPlan(
            [
                new() { Kind = DatabricksSandboxFaultKind.Latency, LatencyMilliseconds = 100 },
                new() { Kind = DatabricksSandboxFaultKind.Throttle, Operation = "tables.list" },
                new() { Kind = DatabricksSandboxFaultKind.Drop },
                new() { Kind = DatabricksSandboxFaultKind.Latency, LatencyMilliseconds = 20, JitterMilliseconds = 10, Operation = "tables.*" },
            ],
            seed: 1);
        var verdict = plan.Decide("tables.list", bringsToken: false);
        verdict.Kind.ShouldBe(DatabricksSandboxFaultKind.Throttle);
        verdict.Delay.TotalMilliseconds.ShouldBeInRange(120, 130);
        plan.Decide("catalogs.list", bringsToken: false).ShouldBe(new(TimeSpan.FromMilliseconds(100), DatabricksSandboxFaultKind.Drop));

        bool[] Fired(int seed)
        {
            var chances = new FaultPlan([new() { Kind = DatabricksSandboxFaultKind.Throttle, Rate = 0.3 }], seed);
            return [.. Enumerable.Range(0, 200).Select(_ => chances.Decide("tables.list", bringsToken: false).Kind is not null)];
        }

        Fired(1).ShouldBe(Fired(1));
        Fired(1).ShouldNotBe(Fired(2));
        Fired(1).Count(fired => fired).ShouldBeInRange(40, 80);
    }

    private static Task<Answer> Create(Bench bench) => bench.Engineer.Execute("CREATE TABLE sales.orders.fresh (a INT)");
}
