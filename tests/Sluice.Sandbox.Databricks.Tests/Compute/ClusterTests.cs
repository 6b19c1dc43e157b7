using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.Compute;

public sealed class ClusterTests
{
    [Fact]
    public async Task A_terminated_cluster_runs_nothing_until_it_was_told_to_start()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { ClusterState = SandboxComputeState.Stopped, ClusterStartDelay = TimeSpan.FromMinutes(5), Clock = clock });
        var id = bench.Sandbox.ClusterId;

        (await State(bench)).ShouldBe("TERMINATED");
        (await Context(bench.Engineer, id)).Reason.ShouldContain("ClusterNotReadyException");
        (await bench.Engineer.Post("/api/2.1/clusters/start", new { cluster_id = id })).ShouldSucceed();
        (await State(bench)).ShouldBe("PENDING");
        (await Context(bench.Engineer, id)).Reason.ShouldContain("PENDING");
        clock.Advance(TimeSpan.FromMinutes(5));
        (await State(bench)).ShouldBe("RUNNING");
        (await Context(bench.Engineer, id)).ShouldSucceed();
    }

    [Fact]
    public async Task Only_a_terminated_cluster_is_started()
    {
        await using var bench = await Bench.StartAsync();

        (await bench.Engineer.Post("/api/2.1/clusters/start", new { cluster_id = bench.Sandbox.ClusterId })).ShouldFail(400, "INVALID_STATE").Message.ShouldContain("unexpected state Running");
    }

    [Fact]
    public async Task Contexts_end_with_their_cluster()
    {
        await using var bench = await Bench.StartAsync();
        var id = bench.Sandbox.ClusterId;
        var context = (await Context(bench.Engineer, id)).ShouldSucceed().Json.GetProperty("id").GetString();

        (await bench.Engineer.Post("/api/2.0/clusters/delete", new { cluster_id = id })).ShouldSucceed();
        (await State(bench)).ShouldBe("TERMINATED");
        bench.Sandbox.SetCluster(SandboxComputeState.Running);

        (await bench.Engineer.Get($"/api/1.2/contexts/status?clusterId={id}&contextId={context}")).Reason.ShouldContain("ContextNotFound");
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_or_was_deleted_runs_nothing()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Get("/api/2.1/clusters/get?cluster_id=nothing")).ShouldFail(400, "INVALID_PARAMETER_VALUE");
        (await Context(bench.Engineer, "nothing")).Reason.ShouldContain("ClusterNotFoundException");

        bench.Sandbox.SetCluster(SandboxComputeState.Deleted);

        (await bench.Engineer.Get($"/api/2.1/clusters/get?cluster_id={bench.Sandbox.ClusterId}")).ShouldFail(400, "INVALID_PARAMETER_VALUE");
        (await Context(bench.Engineer, bench.Sandbox.ClusterId)).Reason.ShouldContain("ClusterNotFoundException");
        (await bench.Engineer.Get("/api/2.1/clusters/list")).Json.GetProperty("clusters").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Who_may_not_attach_to_the_cluster_runs_nothing_on_it()
    {
        await using var bench = await Bench.StartAsync(new() { Principals = [new() { Name = SandboxCast.Analyst, MayUseCompute = false }] });

        (await Context(bench.Analyst, bench.Sandbox.ClusterId)).Status.ShouldBe(403);
        (await bench.Analyst.Get($"/api/2.1/clusters/get?cluster_id={bench.Sandbox.ClusterId}")).ShouldFail(403, "PERMISSION_DENIED");
    }

    [Fact]
    public async Task Who_may_only_attach_to_the_cluster_neither_starts_nor_terminates_it()
    {
        await using var bench = await Bench.StartAsync(new() { Principals = [new() { Name = SandboxCast.Analyst, MayRestartCompute = false }] });
        var cluster = new { cluster_id = bench.Sandbox.ClusterId };

        (await Context(bench.Analyst, bench.Sandbox.ClusterId)).ShouldSucceed();
        (await bench.Analyst.Post("/api/2.1/clusters/delete", cluster)).ShouldFail(403, "PERMISSION_DENIED");
        (await bench.Engineer.Post("/api/2.1/clusters/delete", cluster)).ShouldSucceed();
        (await bench.Analyst.Post("/api/2.1/clusters/start", cluster)).ShouldFail(403, "PERMISSION_DENIED");
        (await State(bench)).ShouldBe("TERMINATED");
    }

    private static Task<Answer> Context(RestClient client, string clusterId) => client.Post("/api/1.2/contexts/create", new { clusterId, language = "sql" });

    private static async Task<string?> State(Bench bench) =>
        (await bench.Engineer.Get($"/api/2.1/clusters/get?cluster_id={bench.Sandbox.ClusterId}")).ShouldSucceed().Json.GetProperty("state").GetString();
}
