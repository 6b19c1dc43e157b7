using System.Diagnostics;
using Sluice.Sandbox.Aws.Faults;

namespace Sluice.Sandbox.Aws.Tests.Faults;

public sealed class FaultTests
{
    [Theory]
    [InlineData(AwsSandboxFaultKind.Throttle, "ThrottlingException", 400)]
    [InlineData(AwsSandboxFaultKind.HiddenThrottle, "InvalidInputException", 400)]
    [InlineData(AwsSandboxFaultKind.ServerError, "InternalServiceException", 500)]
    [InlineData(AwsSandboxFaultKind.Unavailable, "ServiceUnavailableException", 503)]
    [InlineData(AwsSandboxFaultKind.ConcurrentModification, "ConcurrentModificationException", 400)]
    public async Task A_refusing_fault_answers_its_error_and_does_nothing(AwsSandboxFaultKind kind, string code, int status)
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new AwsSandboxFault { Operation = "CreateLFTag", Kind = kind, Times = 1 });
        var answer = await Create(bench);
        answer.ShouldFail(code);
        answer.Status.ShouldBe(status);
        (await bench.Service.Lake("GetLFTag", new { TagKey = "k" })).ShouldFail("EntityNotFoundException");
        (await Create(bench)).ShouldSucceed();
    }

    [Theory]
    [InlineData(AwsSandboxFaultKind.EntryConcurrentModification, "ConcurrentModificationException")]
    [InlineData(AwsSandboxFaultKind.EntryThrottle, "ThrottlingException")]
    [InlineData(AwsSandboxFaultKind.EntryDenied, "AccessDeniedException")]
    public async Task Of_a_batch_every_second_entry_fails_and_the_others_are_made(AwsSandboxFaultKind kind, string code)
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new AwsSandboxFault { Operation = "BatchGrantPermissions", Kind = kind, Times = 1 });
        object[] entries = [.. Enumerable.Range(0, 4).Select(i => new
        {
            Id = $"{i}",
            Principal = new { DataLakePrincipalIdentifier = $"arn:aws:iam::123456789012:user/p{i}" },
            Resource = new { Table = new { DatabaseName = "sales", Name = "orders" } },
            Permissions = new[] { "SELECT" },
        })];
        var answer = (await bench.Admin.Lake("BatchGrantPermissions", new { Entries = entries })).ShouldSucceed();
        answer.Json.GetProperty("Failures").EnumerateArray().Select(f => (f.GetProperty("RequestEntry").GetProperty("Id").GetString(), f.GetProperty("Error").GetProperty("ErrorCode").GetString()))
            .ShouldBe([("1", code), ("3", code)]);
        var listed = (await bench.Admin.Lake("ListPermissions", new { })).ShouldSucceed().Body;
        Enumerable.Range(0, 4).Where(i => listed.Contains($"user/p{i}", StringComparison.Ordinal)).ShouldBe([0, 2]);
        (await bench.Admin.Lake("BatchGrantPermissions", new { Entries = entries })).ShouldSucceed().Json.GetProperty("Failures").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData(AwsSandboxFaultKind.Drop, false)]
    [InlineData(AwsSandboxFaultKind.DropAfterCommit, true)]
    [InlineData(AwsSandboxFaultKind.CutAnswer, true)]
    public async Task A_dropped_connection_comes_before_or_after_the_work(AwsSandboxFaultKind kind, bool done)
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new AwsSandboxFault { Operation = "lakeformation:CreateLFTag", Kind = kind });
        await Should.ThrowAsync<HttpRequestException>(() => Create(bench));
        var read = await bench.Service.Lake("GetLFTag", new { TagKey = "k" });
        read.Status.ShouldBe(done ? 200 : 400, read.Body);
        bench.Sandbox.Requests.Errors[kind.ToString()].ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_never_comes_does_not_undo_the_work_nor_hold_up_the_end()
    {
        var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new AwsSandboxFault { Operation = "CreateLFTag", Kind = AwsSandboxFaultKind.HangAfterCommit });
        var hanging = Create(bench);
        while (!bench.Sandbox.Requests.Errors.ContainsKey("HangAfterCommit")) await Task.Yield();
        hanging.IsCompleted.ShouldBeFalse();
        (await bench.Service.Lake("GetLFTag", new { TagKey = "k" })).ShouldSucceed();
        var watch = Stopwatch.StartNew();
        await bench.Sandbox.DisposeAsync();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await Should.ThrowAsync<Exception>(() => hanging);
    }

    [Fact]
    public async Task A_fault_fires_every_nth_time_after_some_and_at_most_so_often()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new AwsSandboxFault { Operation = "GetDatabases", Kind = AwsSandboxFaultKind.Throttle, After = 2, Every = 3, Times = 2 });
        List<int> failed = [];
        for (var request = 1; request <= 14; request++)
        {
            if ((await bench.Service.Glue("GetDatabases", new { })).Status != 200) failed.Add(request);
        }

        failed.ShouldBe([5, 8]);
    }

    [Fact]
    public void Chances_follow_the_seed()
    {
        var fault = new AwsSandboxFault { Kind = AwsSandboxFaultKind.Throttle, Rate = 0.3 };
        bool[] Fired(int seed)
        {
            var plan = new FaultPlan([fault], seed);
            return [.. Enumerable.Range(0, 200).Select(_ => plan.Decide("glue:GetTables", bringsToken: false).Kind is not null)];
        }

        Fired(1).ShouldBe(Fired(1));
        Fired(1).ShouldNotBe(Fired(2));
        Fired(1).Count(fired => fired).ShouldBeInRange(40, 80);
    }

    [Fact]
    public void Latencies_add_up_and_the_first_other_fault_decides()
    {
        var plan = new FaultPlan(
            [
                new() { Kind = AwsSandboxFaultKind.Latency, LatencyMilliseconds = 100 },
                new() { Kind = AwsSandboxFaultKind.Throttle, Operation = "GetTables" },
                new() { Kind = AwsSandboxFaultKind.Drop },
                new() { Kind = AwsSandboxFaultKind.Latency, LatencyMilliseconds = 20, JitterMilliseconds = 10, Operation = "glue:GetTables" },
            ],
            seed: 1);
        var verdict = plan.Decide("glue:GetTables", bringsToken: false);
        verdict.Kind.ShouldBe(AwsSandboxFaultKind.Throttle);
        verdict.Delay.TotalMilliseconds.ShouldBeInRange(120, 130);
        plan.Decide("glue:GetDatabases", bringsToken: false).ShouldBe(new(TimeSpan.FromMilliseconds(100), AwsSandboxFaultKind.Drop));
    }

    [Fact]
    public async Task A_token_expires_when_told_to()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetFaults(new AwsSandboxFault { Operation = "GetTables", Kind = AwsSandboxFaultKind.ExpireNextToken, Times = 1 });
        var token = (await bench.Service.Glue("GetTables", new { DatabaseName = "sales", MaxResults = 5 })).ShouldSucceed().Json.GetProperty("NextToken").GetString();
        (await bench.Service.Glue("GetTables", new { DatabaseName = "sales", NextToken = token })).ShouldFail("InvalidInputException").Message.ShouldContain("expired");
        (await bench.Service.Glue("GetTables", new { DatabaseName = "sales", NextToken = token })).ShouldSucceed();
    }

    private static Task<Answer> Create(Bench bench) => bench.Service.Lake("CreateLFTag", new { TagKey = "k", TagValues = new[] { "v" } });
}
