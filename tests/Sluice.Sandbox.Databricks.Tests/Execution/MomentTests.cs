using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>Statements that run while others change what they read, and what lets them.</summary>
public sealed class MomentTests
{
    private const int Rounds = 150;
    private const string Read = "SELECT code FROM sales.orders.moments";

    [Fact]
    public async Task A_query_reads_the_rows_that_were_there_when_it_was_let_in()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change("CREATE TABLE sales.orders.moments (code STRING)", "INSERT INTO sales.orders.moments VALUES ('open')", "GRANT SELECT ON TABLE sales.orders.moments TO analysts");
        await NobodyReadsAsync(
            bench,
            "secret",
            "REVOKE SELECT ON TABLE sales.orders.moments FROM analysts", "UPDATE sales.orders.moments SET code = 'secret'",
            "UPDATE sales.orders.moments SET code = 'open'", "GRANT SELECT ON TABLE sales.orders.moments TO analysts");
    }

    [Fact]
    public async Task A_mask_looks_into_the_rows_that_were_there_when_it_was_chosen()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(
            "CREATE TABLE sales.orders.moments (code STRING)", "INSERT INTO sales.orders.moments VALUES ('secret')", "GRANT SELECT ON TABLE sales.orders.moments TO analysts",
            "CREATE TABLE people.staff.entitled (who STRING)",
            "CREATE FUNCTION sales.orders.closed(code STRING) RETURNS STRING RETURN 'closed'",
            "CREATE FUNCTION sales.orders.listed(code STRING) RETURNS STRING RETURN CASE WHEN EXISTS (SELECT 1 FROM people.staff.entitled e WHERE e.who = session_user()) THEN code ELSE 'closed' END",
            "ALTER TABLE sales.orders.moments ALTER COLUMN code SET MASK sales.orders.listed");
        await NobodyReadsAsync(
            bench,
            "secret",
            "ALTER TABLE sales.orders.moments ALTER COLUMN code SET MASK sales.orders.closed", "INSERT INTO people.staff.entitled VALUES ('analyst@acme.example')",
            "DELETE FROM people.staff.entitled WHERE who IS NOT NULL", "ALTER TABLE sales.orders.moments ALTER COLUMN code SET MASK sales.orders.listed");
    }

    [Fact]
    public async Task Rows_put_in_place_of_others_come_as_the_others_go()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change("CREATE TABLE sales.orders.moments (code STRING)", "INSERT INTO sales.orders.moments VALUES ('one')", "GRANT SELECT ON TABLE sales.orders.moments TO analysts");
        await WhileAsync(
            bench,
            async reader => (await reader.Rows("SELECT count(*) FROM sales.orders.moments")).ShouldBe([["1"]]),
            "INSERT OVERWRITE sales.orders.moments VALUES ('another')");
    }

    [Fact]
    public async Task A_statement_that_waited_is_refused_to_who_left_the_group_meanwhile()
    {
        await using var bench = await Bench.StartAsync(new() { StatementPendingPolls = 1 });
        var accepted = (await bench.Analyst.Execute("SELECT count(*) FROM sales.orders.orders", new { wait_timeout = "0s" })).ShouldSucceed().Json;
        bench.Sandbox.SetPrincipal(new() { Name = "analysts", Kind = SandboxPrincipalKind.Group, Members = [] });
        var id = accepted.GetProperty("statement_id").GetString();
        string? state;
        do state = (await bench.Analyst.Get($"/api/2.0/sql/statements/{id}")).ShouldSucceed().Json.GetProperty("status").GetProperty("state").GetString();
        while (state is "PENDING" or "RUNNING");
        state.ShouldBe("FAILED");
    }

    private static Task NobodyReadsAsync(Bench bench, string value, params string[] changes) => WhileAsync(
        bench,
        async reader => (await reader.Execute(Read)).ShouldSucceed().Body.ShouldNotContain(value),
        changes);

    // Each of the changes leaves a state that the readers may see; they read until the last one is through.
    private static async Task WhileAsync(Bench bench, Func<RestClient, Task> read, params string[] changes)
    {
        var reader = bench.Analyst;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!ending.IsCancellationRequested) await read(reader);
        })).ToArray();
        var changing = Task.Run(() =>
        {
            for (var round = 0; round < Rounds && !ending.IsCancellationRequested; round++) bench.Sandbox.Change(changes);
        });
        await Task.WhenAny([changing, .. readers]);
        await ending.CancelAsync();
        await Task.WhenAll([changing, .. readers]);
    }
}
