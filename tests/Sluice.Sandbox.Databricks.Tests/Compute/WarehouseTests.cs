using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.Compute;

public sealed class WarehouseTests
{
    private const string Warehouses = "/api/2.0/sql/warehouses";

    [Fact]
    public async Task A_warehouse_is_stopped_and_started()
    {
        await using var bench = await Bench.StartAsync();
        var warehouse = $"{Warehouses}/{bench.Sandbox.WarehouseId}";

        (await bench.Engineer.Post($"{warehouse}/stop", new { })).ShouldSucceed();
        (await State(bench, warehouse)).ShouldBe("STOPPED");
        (await bench.Engineer.Post($"{warehouse}/start", new { })).ShouldSucceed();
        (await State(bench, warehouse)).ShouldBe("RUNNING");
        (await bench.Engineer.Get(Warehouses)).Json.GetProperty("warehouses").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("0000000000000000", 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData("nothing", 400, "INVALID_PARAMETER_VALUE")]
    public async Task A_warehouse_that_is_not_there_runs_nothing(string id, int status, string code)
    {
        await using var bench = await Bench.StartAsync();

        (await bench.Engineer.Get($"{Warehouses}/{id}")).ShouldFail(status, code);
        (await bench.Engineer.Post("/api/2.0/sql/statements", new { statement = "SELECT 1", warehouse_id = id })).ShouldFail(status, code);
    }

    [Fact]
    public async Task A_deleted_warehouse_says_so_and_runs_nothing()
    {
        await using var bench = await Bench.StartAsync(new() { WarehouseState = SandboxComputeState.Deleted });
        var warehouse = $"{Warehouses}/{bench.Sandbox.WarehouseId}";

        (await State(bench, warehouse)).ShouldBe("DELETED");
        (await bench.Engineer.Get(Warehouses)).Json.GetProperty("warehouses").GetArrayLength().ShouldBe(0);
        (await bench.Engineer.Post($"{warehouse}/start", new { })).ShouldFail(404, "RESOURCE_DOES_NOT_EXIST");
        (await bench.Engineer.Execute("SELECT 1")).ShouldFail(404, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task A_statement_whose_warehouse_is_deleted_while_it_waits_fails()
    {
        await using var bench = await Bench.StartAsync(new() { StatementPendingPolls = 1 });
        var id = (await bench.Engineer.Execute("SELECT 1", new { wait_timeout = "0s" })).Json.GetProperty("statement_id").GetString();

        bench.Sandbox.SetWarehouse(SandboxComputeState.Deleted);

        (await bench.Engineer.Get($"/api/2.0/sql/statements/{id}")).Json.GetProperty("status").GetProperty("state").GetString().ShouldBe("FAILED");
    }

    [Fact]
    public async Task Who_may_not_use_the_warehouse_runs_nothing_on_it()
    {
        await using var bench = await Bench.StartAsync(new() { Principals = [new() { Name = SandboxCast.Analyst, MayUseCompute = false }] });

        (await bench.Analyst.Execute("SELECT 1")).ShouldFail(403, "PERMISSION_DENIED");
        (await bench.Analyst.Get($"{Warehouses}/{bench.Sandbox.WarehouseId}")).ShouldFail(403, "PERMISSION_DENIED");
        (await bench.Analyst.Get(Warehouses)).Json.GetProperty("warehouses").GetArrayLength().ShouldBe(0);
        (await bench.Engineer.Rows("SELECT 1")).ShouldBe([["1"]]);
    }

    private static async Task<string?> State(Bench bench, string warehouse) => (await bench.Engineer.Get(warehouse)).ShouldSucceed().Json.GetProperty("state").GetString();
}
