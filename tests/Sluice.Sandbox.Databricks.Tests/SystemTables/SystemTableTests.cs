using System.Globalization;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.SystemTables;

public sealed class SystemTableTests
{
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(15);

    // https://docs.databricks.com/aws/en/admin/system-tables/query-history
    [Fact]
    public async Task A_warehouses_statements_appear_in_the_history_after_the_lag()
    {
        var clock = ManualClock.Started();
        await using var bench = await StartAsync(clock);
        var id = (await bench.Analyst.Execute("SELECT status FROM sales.orders.orders")).ShouldSucceed().Json.GetProperty("statement_id").GetString();
        await bench.Analyst.Fails("SELECT * FROM people.payroll.salaries");
        await bench.Engineer.Rows("INSERT INTO sales.orders.orders (order_id) VALUES (100)");
        await (await CommandSession.OpenAsync(bench)).Runs("SELECT 'a cluster is no warehouse'");
        const string History = "SELECT statement_id, executed_by, statement_text, statement_type, execution_status, error_message, produced_rows, workspace_id, start_time, end_time, compute.warehouse_id FROM system.query.history WHERE executed_by <> :me ORDER BY start_time, statement_text";
        var me = new { parameters = new[] { new { name = "me", value = SandboxCast.ServicePrincipal } } };
        (await bench.Service.Rows(History, me)).ShouldBeEmpty();

        clock.Advance(Lag);

        var rows = await bench.Service.Rows(History, me);
        rows.Select(row => (row[1], row[3], row[4])).ShouldBe(
            [(SandboxCast.Engineer, "INSERT", "FINISHED"), (SandboxCast.Analyst, "SELECT", "FAILED"), (SandboxCast.Analyst, "SELECT", "FINISHED")],
            ignoreOrder: true);
        var read = rows.Single(row => row[0] == id);
        (read[2], read[6], read[7], read[8], read[9], read[10]).ShouldBe(("SELECT status FROM sales.orders.orders", "24", bench.Sandbox.WorkspaceId, "2026-05-04T12:00:00.000Z", "2026-05-04T12:00:00.000Z", bench.Sandbox.WarehouseId));
        rows.Single(row => row[4] == "FAILED")[5].ShouldNotBeNull().ShouldStartWith("[INSUFFICIENT_PERMISSIONS]");
    }

    // The same page: cache_origin_statement_id names the statement that left the result in the cache.
    [Fact]
    public async Task A_result_from_the_cache_names_the_statement_that_left_it_there_and_leaves_no_lineage()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { Clock = clock, SystemTableLag = Lag, ReuseResults = true, ServiceGrants = ServiceGrants.ManageWithSystemTables });
        var origin = (await bench.Analyst.Execute("SELECT status FROM sales.orders.orders")).ShouldSucceed().Json.GetProperty("statement_id").GetString();
        var again = (await bench.Analyst.Execute("SELECT status FROM sales.orders.orders")).ShouldSucceed().Json.GetProperty("statement_id").GetString();
        clock.Advance(Lag);

        (await bench.Service.Rows("SELECT statement_id, from_result_cache, cache_origin_statement_id FROM system.query.history WHERE executed_by = 'analyst@acme.example'")).ShouldBe(
            [[origin, "false", null], [again, "true", origin]], ignoreOrder: true);
        (await bench.Service.Rows("SELECT DISTINCT statement_id FROM system.access.table_lineage")).ShouldBe([[origin]]);
    }

    [Fact]
    public async Task Rows_appear_out_of_order_as_far_as_the_options_let_them()
    {
        var clock = ManualClock.Started();
        await using var bench = await StartAsync(clock, jitter: TimeSpan.FromHours(1));
        for (var index = 0; index < 30; index++)
        {
            await bench.Analyst.Rows($"SELECT {index.ToString(CultureInfo.InvariantCulture)}");
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        List<int> seen = [];
        for (var step = 0; step < 16; step++)
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            var now = (await bench.Service.Rows("SELECT statement_text FROM system.query.history WHERE executed_by = 'analyst@acme.example'")).Select(row => int.Parse(row[0]![7..], CultureInfo.InvariantCulture)).ToArray();
            now.Length.ShouldBeGreaterThanOrEqualTo(seen.Count);
            if (step < 2) now.ShouldBeEmpty();
            seen.AddRange(now.Except(seen).Order());
        }

        seen.Count.ShouldBe(30);
        seen.SequenceEqual(seen.Order()).ShouldBeFalse();
    }

    // https://docs.databricks.com/aws/en/admin/system-tables/lineage
    [Fact]
    public async Task Reads_and_writes_leave_lineage_of_tables_and_columns()
    {
        var clock = ManualClock.Started();
        await using var bench = await StartAsync(clock);
        await bench.Analyst.Rows("SELECT status FROM sales.orders.orders o WHERE o.country = 'DE'");
        await bench.Engineer.Rows("CREATE TABLE sales.orders.states AS SELECT status AS state, country FROM sales.orders.orders");
        await bench.Engineer.Rows("INSERT INTO sales.orders.states VALUES ('x', 'y')");
        await bench.Engineer.Rows("CREATE VIEW sales.orders.over AS SELECT state FROM sales.orders.states");
        var id = (await bench.Engineer.Execute("SELECT * FROM sales.orders.over")).ShouldSucceed().Json.GetProperty("statement_id").GetString();
        clock.Advance(Lag);

        const string Tables = "SELECT source_table_full_name, source_type, target_table_full_name, target_type, created_by FROM system.access.table_lineage ORDER BY ALL";
        (await bench.Service.Rows(Tables)).Select(row => string.Join('|', row)).ShouldBe(
            [
                $"sales.orders.orders|TABLE|||{SandboxCast.Analyst}",
                $"sales.orders.orders|TABLE|sales.orders.states|TABLE|{SandboxCast.Engineer}",
                $"||sales.orders.states|TABLE|{SandboxCast.Engineer}",
                $"sales.orders.states|TABLE|sales.orders.over|VIEW|{SandboxCast.Engineer}",
                $"sales.orders.over|VIEW|||{SandboxCast.Engineer}",
            ],
            ignoreOrder: true);
        (await bench.Service.Rows("SELECT source_column_name, target_column_name FROM system.access.column_lineage WHERE target_table_name = 'states' ORDER BY 1")).ShouldBe([["country", "country"], ["status", "state"]]);
        (await bench.Service.Rows("SELECT source_column_name FROM system.access.column_lineage WHERE created_by = 'analyst@acme.example' ORDER BY 1")).ShouldBe([["country"], ["status"]]);
        (await bench.Service.Rows("SELECT h.executed_by, count(DISTINCT l.event_id), count(DISTINCT l.record_id) FROM system.access.table_lineage l JOIN system.query.history h ON h.statement_id = l.statement_id WHERE l.statement_id = :id GROUP BY 1", new { parameters = new[] { new { name = "id", value = id } } })).ShouldBe([[SandboxCast.Engineer, "1", "1"]]);
    }

    // https://docs.databricks.com/aws/en/admin/system-tables/audit-logs
    [Fact]
    public async Task Requests_and_statements_leave_audit_rows()
    {
        var clock = ManualClock.Started();
        await using var bench = await StartAsync(clock);
        (await bench.Service.Patch($"{RestClient.Catalog}/permissions/table/sales.orders.orders", new { changes = new[] { new { principal = SandboxCast.Analysts, add = new[] { "MODIFY" } } } })).ShouldSucceed();
        (await bench.Analyst.Get($"{RestClient.Catalog}/tables/people.payroll.salaries")).ShouldFail(403, "PERMISSION_DENIED");
        await bench.Engineer.Rows("GRANT SELECT ON TABLE sales.orders.order_lines TO analysts");
        await bench.Analyst.Rows("SELECT order_id FROM sales.orders.orders");
        clock.Advance(Lag);

        var rows = await bench.Service.Rows("SELECT user_identity.email, action_name, request_params['securable_full_name'], request_params['full_name_arg'], request_params['changes'], response.status_code, workspace_id, audit_level FROM system.access.audit WHERE service_name = 'unityCatalog'");
        rows.ShouldContain(row => row[0] == SandboxCast.ServicePrincipal && row[1] == "updatePermissions" && row[2] == "sales.orders.orders" && row[4]!.Contains("MODIFY", StringComparison.Ordinal) && row[5] == "200" && row[6] == "0" && row[7] == "ACCOUNT_LEVEL");
        rows.ShouldContain(row => row[0] == SandboxCast.Analyst && row[1] == "getTable" && row[3] == "people.payroll.salaries" && row[5] == "403");
        rows.ShouldContain(row => row[0] == SandboxCast.Engineer && row[1] == "updatePermissions" && row[2] == "sales.orders.order_lines" && row[4]!.Contains("\"add\":[\"SELECT\"]", StringComparison.Ordinal));
        rows.ShouldContain(row => row[0] == SandboxCast.Analyst && row[1] == "getTable" && row[3] == "sales.orders.orders" && row[5] == "200");
        (await bench.Service.Rows("SELECT count(*) = count(DISTINCT event_id), min(event_date) FROM system.access.audit")).ShouldBe([["true", "2026-05-04"]]);
    }

    // https://docs.databricks.com/aws/en/admin/account-settings/audit-logs: in events of the account the workspace is 0, and the one that was asked in a parameter.
    [Fact]
    public async Task What_is_asked_in_another_workspace_of_the_metastore_is_told_to_be_of_it()
    {
        const string Elsewhere = "42";
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { Clock = clock, SystemTableLag = Lag, OtherWorkspaces = [Elsewhere], ServiceGrants = ServiceGrants.ManageWithSystemTables });
        using var elsewhere = new RestClient(bench.Sandbox, bench.Sandbox.TokenOf(SandboxCast.Analyst), Elsewhere);
        using var nowhere = new RestClient(bench.Sandbox, bench.Sandbox.TokenOf(SandboxCast.Analyst), "43");
        await elsewhere.Rows("SELECT order_id FROM sales.orders.orders");
        await bench.Analyst.Rows("SELECT order_id FROM sales.orders.orders");
        (await nowhere.Get($"{RestClient.Catalog}/catalogs")).ShouldFail(404, "RESOURCE_DOES_NOT_EXIST");
        clock.Advance(Lag);

        string[][] both = [[bench.Sandbox.WorkspaceId], [Elsewhere]];
        (await bench.Service.Rows("SELECT workspace_id FROM system.query.history WHERE executed_by = 'analyst@acme.example'")).ShouldBe(both, ignoreOrder: true);
        (await bench.Service.Rows("SELECT DISTINCT workspace_id FROM system.access.table_lineage WHERE created_by = 'analyst@acme.example'")).ShouldBe(both, ignoreOrder: true);
        (await bench.Service.Rows("SELECT DISTINCT request_params['workspace_id'] FROM system.access.audit WHERE action_name = 'getTable' AND workspace_id = '0' AND user_identity.email = 'analyst@acme.example'")).ShouldBe(both, ignoreOrder: true);
    }

    // The same page: generateTemporaryTableCredential tells who queried what.
    [Fact]
    public async Task A_read_on_a_cluster_leaves_that_credentials_were_given()
    {
        var clock = ManualClock.Started();
        await using var bench = await StartAsync(clock);
        var session = await CommandSession.OpenAsync(bench);
        await session.Runs("SELECT order_id FROM sales.orders.orders");
        await bench.Analyst.Rows("SELECT order_id FROM sales.orders.orders");
        clock.Advance(Lag);

        (await bench.Service.Rows("SELECT user_identity.email, request_params['table_full_name'], request_params['operation'], request_params['table_id'] IS NOT NULL, workspace_id, response.status_code FROM system.access.audit WHERE action_name = 'generateTemporaryTableCredential'"))
            .ShouldBe([[SandboxCast.Engineer, "sales.orders.orders", "READ", "true", "0", "200"]]);
    }

    [Fact]
    public async Task Nothing_is_recorded_unless_the_options_ask_for_it_and_a_reset_forgets_what_waits()
    {
        await using var silent = await Bench.StartAsync(new() { ServiceGrants = ServiceGrants.ManageWithSystemTables });
        await silent.Analyst.Rows("SELECT 1");
        (await silent.Service.Rows("SELECT count(*) FROM system.query.history")).ShouldBe([["0"]]);

        var clock = ManualClock.Started();
        await using var bench = await StartAsync(clock);
        await bench.Analyst.Rows("SELECT 1");
        bench.Sandbox.Reset();
        clock.Advance(Lag);
        (await bench.Service.Rows("SELECT count(*) FROM system.query.history")).ShouldBe([["0"]]);
        (await bench.Analyst.Fails("SELECT * FROM system.query.history")).Message.ShouldStartWith("[INSUFFICIENT_PERMISSIONS]");
    }

    private static Task<Bench> StartAsync(ManualClock clock, TimeSpan jitter = default) =>
        Bench.StartAsync(new() { Clock = clock, SystemTableLag = Lag, SystemTableJitter = jitter, ServiceGrants = ServiceGrants.ManageWithSystemTables });
}
