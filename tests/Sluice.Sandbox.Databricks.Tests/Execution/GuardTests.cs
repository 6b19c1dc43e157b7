using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>Column masks and row filters as readers meet them: https://docs.databricks.com/aws/en/data-governance/unity-catalog/filters-and-masks/.</summary>
public sealed class GuardTests
{
    private static readonly object InOrders = new { catalog = "sales", schema = "orders" };

    private static readonly string[] Guards =
    [
        "CREATE TABLE people.staff.entitled (who STRING, region STRING)",
        "INSERT INTO people.staff.entitled VALUES ('analyst@acme.example', 'FR')",
        "CREATE FUNCTION sales.orders.seen(region STRING) RETURNS BOOLEAN RETURN EXISTS (SELECT 1 FROM people.staff.entitled e WHERE e.who = session_user() AND e.region = seen.region)",
        "CREATE FUNCTION sales.orders.hashed(status STRING, salt STRING, keep INT) RETURNS STRING RETURN CASE WHEN is_account_group_member('data-engineers') THEN status ELSE left(sha2(concat(salt, status), 256), keep) END",
        "ALTER TABLE sales.orders.orders SET ROW FILTER sales.orders.seen ON (country)",
        "ALTER TABLE sales.orders.orders ALTER COLUMN status SET MASK sales.orders.hashed USING COLUMNS ('pepper', 8)",
    ];

    [Fact]
    public async Task A_reader_needs_no_EXECUTE_on_what_guards_a_table_nor_the_tables_it_reads()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Guards);
        (await bench.Analyst.Rows("SELECT DISTINCT country, length(status) FROM sales.orders.orders")).ShouldBe([["FR", "8"]]);
        (await bench.Analyst.Fails("SELECT sales.orders.seen('FR')")).Message.ShouldContain("EXECUTE");
        (await bench.Engineer.Rows("SELECT count(*) FROM sales.orders.orders")).ShouldBe([["0"]]);
        bench.Sandbox.Change("INSERT INTO people.staff.entitled SELECT 'engineer@acme.example', region FROM VALUES ('DE'), ('FR') AS r (region)");
        (await bench.Engineer.Rows("SELECT count(DISTINCT country), min(length(status)) > 0, max(status) LIKE '% %' FROM sales.orders.orders")).ShouldBe([["2", "true", "true"]]);
    }

    [Fact]
    public async Task A_mask_stands_in_every_place_of_its_column()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Guards);
        var hashed = (await bench.Analyst.Rows("SELECT DISTINCT status FROM sales.orders.orders ORDER BY status")).Select(row => row[0]!).ToArray();
        hashed.ShouldAllBe(value => value.Length == 8);
        (await bench.Analyst.Rows($"SELECT count(*) > 0 FROM sales.orders.orders WHERE status = '{hashed[0]}'")).ShouldBe([["true"]]);
        (await bench.Analyst.Rows("SELECT a.status FROM sales.orders.orders a JOIN sales.orders.orders b ON a.status = b.status GROUP BY a.status HAVING count(*) > 0 ORDER BY a.status")).Select(row => row[0]).ShouldBe(hashed);
        (await bench.Analyst.Rows("WITH o AS (SELECT upper(status) AS s FROM sales.orders.orders) SELECT DISTINCT s FROM o ORDER BY s")).Select(row => row[0]).ShouldBe(hashed.Select(value => value.ToUpperInvariant()).Order(StringComparer.Ordinal));
        (await bench.Analyst.Rows("SELECT o.status, row_number() OVER (ORDER BY o.status) FROM sales.orders.orders AS o ORDER BY 2 LIMIT 1")).ShouldBe([[hashed[0], "1"]]);
        (await bench.Analyst.Rows("SELECT (SELECT max(status) FROM sales.orders.orders) = max(status) FROM sales.orders.orders")).ShouldBe([["true"]]);
    }

    [Fact]
    public async Task Nothing_of_a_query_is_evaluated_on_rows_that_the_filter_hides()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(
            "CREATE TABLE sales.orders.secrets (id INT, code STRING)",
            "INSERT INTO sales.orders.secrets VALUES (1, '10'), (2, 'hidden')",
            "CREATE FUNCTION sales.orders.first_only(id INT) RETURNS BOOLEAN RETURN id = 1",
            "ALTER TABLE sales.orders.secrets SET ROW FILTER sales.orders.first_only ON (id)",
            "GRANT SELECT ON TABLE sales.orders.secrets TO analysts");
        (await bench.Analyst.Rows("SELECT id FROM sales.orders.secrets WHERE cast(code AS INT) > 1 AND 10 / (id - 2) < 0")).ShouldBe([["1"]]);
        (await bench.Analyst.Rows("SELECT sum(cast(code AS INT)) FROM sales.orders.secrets")).ShouldBe([["10"]]);
    }

    [Fact]
    public async Task A_copy_holds_what_its_maker_saw()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Guards);
        bench.Sandbox.Change("CREATE SCHEMA sales.lab", "ALTER SCHEMA sales.lab OWNER TO `analyst@acme.example`");
        await bench.Analyst.Rows("CREATE TABLE sales.lab.copy AS SELECT * FROM sales.orders.orders");
        await bench.Analyst.Rows("CREATE TABLE sales.lab.more (status STRING, country STRING)");
        await bench.Analyst.Rows("INSERT INTO sales.lab.more SELECT status, country FROM sales.orders.orders");
        await bench.Analyst.Rows("CREATE VIEW sales.lab.over AS SELECT status, country FROM sales.orders.orders");
        foreach (var copy in new[] { "copy", "more" })
        {
            bench.Sandbox.Change($"GRANT SELECT ON TABLE sales.lab.{copy} TO `data-engineers`");
        }

        bench.Sandbox.Change("GRANT USE SCHEMA ON SCHEMA sales.lab TO `data-engineers`", "GRANT SELECT ON VIEW sales.lab.over TO `data-engineers`");
        (await bench.Engineer.Rows("SELECT DISTINCT country, length(status) FROM sales.lab.copy")).ShouldBe([["FR", "8"]]);
        (await bench.Engineer.Rows("SELECT DISTINCT country, length(status) FROM sales.lab.more")).ShouldBe([["FR", "8"]]);
        // Of a view, the owner's rights reach the table, and the guards ask about who runs the query.
        (await bench.Engineer.Rows("SELECT count(*) FROM sales.lab.over")).ShouldBe([["0"]]);
        (await bench.Analyst.Rows("SELECT DISTINCT country FROM sales.lab.over")).ShouldBe([["FR"]]);
    }

    [Fact]
    public async Task Constants_are_given_as_they_are_and_shown_over_REST()
    {
        await using var bench = await Bench.StartAsync();
        foreach (var statement in new[]
        {
            "CREATE FUNCTION allowed(a STRING, b STRING, c BOOLEAN, d INT) RETURNS BOOLEAN RETURN a = b AND c AND d = -2",
            "CREATE FUNCTION never() RETURNS BOOLEAN RETURN NULL",
            "CREATE FUNCTION fixed(a STRING, b STRING, c STRING) RETURNS STRING RETURN coalesce(b, c)",
            "ALTER TABLE orders SET ROW FILTER allowed ON (country, 'DE', true, -2)",
            "ALTER TABLE orders ALTER COLUMN status SET MASK fixed USING COLUMNS (NULL, country)",
        })
        {
            await bench.Engineer.Rows(statement, InOrders);
        }

        (await bench.Analyst.Rows("SELECT DISTINCT country, status FROM orders", InOrders)).ShouldBe([["DE", "DE"]]);
        var table = (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.orders")).ShouldSucceed().Json;
        table.GetProperty("row_filter").GetProperty("input_column_names").ToString().ShouldBe("[\"country\"]");
        table.GetProperty("row_filter").GetProperty("input_arguments").ToString().ShouldBe("[{\"column\":\"country\"},{\"constant\":\"DE\"},{\"constant\":\"true\"},{\"constant\":\"-2\"}]");
        var mask = table.GetProperty("columns").EnumerateArray().Single(column => column.GetProperty("name").GetString() == "status").GetProperty("mask");
        mask.GetProperty("using_arguments").ToString().ShouldBe("[{\"constant\":\"NULL\"},{\"column\":\"country\"}]");

        await bench.Engineer.Rows("ALTER TABLE orders SET ROW FILTER never ON ()", InOrders);
        (await bench.Analyst.Rows("SELECT count(*) FROM orders", InOrders)).ShouldBe([["0"]]);
        await bench.Engineer.Rows("ALTER TABLE orders DROP ROW FILTER", InOrders);
        (await bench.Analyst.Rows("SELECT count(*) FROM orders", InOrders)).ShouldBe([["24"]]);
    }

    [Fact]
    public async Task Streaming_tables_and_materialized_views_are_guarded_by_statements_of_their_own()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(
            "CREATE FUNCTION sales.orders.hidden(a STRING) RETURNS STRING RETURN '***'",
            "CREATE FUNCTION sales.orders.nobody() RETURNS BOOLEAN RETURN is_account_group_member('data-engineers')",
            "GRANT SELECT ON TABLE sales.orders.order_events TO analysts",
            "GRANT SELECT ON VIEW sales.orders.daily_revenue TO analysts",
            "ALTER STREAMING TABLE sales.orders.order_events ALTER COLUMN kind SET MASK sales.orders.hidden",
            "ALTER MATERIALIZED VIEW sales.orders.daily_revenue SET ROW FILTER sales.orders.nobody ON ()");
        (await bench.Analyst.Rows("SELECT DISTINCT kind FROM sales.orders.order_events")).ShouldBe([["***"]]);
        (await bench.Analyst.Rows("SELECT count(*) FROM sales.orders.daily_revenue")).ShouldBe([["0"]]);
        (await bench.Engineer.Rows("SELECT count(*) > 0 FROM sales.orders.daily_revenue")).ShouldBe([["true"]]);
        bench.Sandbox.Change("ALTER MATERIALIZED VIEW sales.orders.daily_revenue DROP ROW FILTER");
        (await bench.Analyst.Rows("SELECT count(*) > 0 FROM sales.orders.daily_revenue")).ShouldBe([["true"]]);
    }

    [Fact]
    public async Task Who_guards_a_table_manages_it_and_may_execute_what_guards_it()
    {
        await using var bench = await Bench.StartAsync();
        const string Guard = "ALTER TABLE sales.orders.orders ALTER COLUMN status SET MASK sales.customers.mask_email";
        (await bench.Analyst.Fails(Guard)).Message.ShouldContain("MANAGE on Table 'sales.orders.orders'");
        bench.Sandbox.Change("GRANT MANAGE ON TABLE sales.orders.orders TO analysts");
        (await bench.Analyst.Fails(Guard)).Message.ShouldContain("USE SCHEMA on Schema 'sales.customers'");
        bench.Sandbox.Change("GRANT USE SCHEMA ON SCHEMA sales.customers TO analysts");
        (await bench.Analyst.Fails(Guard)).Message.ShouldContain("EXECUTE on Routine or Model 'sales.customers.mask_email'");
        bench.Sandbox.Change("GRANT EXECUTE ON FUNCTION sales.customers.mask_email TO analysts");
        await bench.Analyst.Rows(Guard);
        await bench.Analyst.Rows("ALTER TABLE sales.orders.orders ALTER COLUMN status DROP MASK");
    }

    [Fact]
    public async Task A_column_may_be_added_with_its_mask_whose_result_is_cast_to_the_columns_type()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("CREATE FUNCTION shown(a INT) RETURNS STRING RETURN if(a > 5, '7.0'::double::int::string, 'x')", InOrders);
        await bench.Engineer.Rows("CREATE TABLE numbers (id INT)", InOrders);
        await bench.Engineer.Rows("ALTER TABLE numbers ADD COLUMN n INT MASK shown", InOrders);
        await bench.Engineer.Rows("INSERT INTO numbers VALUES (1, 6)", InOrders);
        (await bench.Engineer.Rows("SELECT n + 1 FROM numbers", InOrders)).ShouldBe([["8"]]);
        await bench.Engineer.Rows("INSERT INTO numbers VALUES (2, 2)", InOrders);
        (await bench.Engineer.Fails("SELECT n FROM numbers", InOrders)).Message.ShouldStartWith("[CAST_INVALID_INPUT]");
        (await bench.Engineer.Fails("ALTER TABLE numbers ADD COLUMN m INT MASK nothing", InOrders)).Message.ShouldStartWith("[ROW_COLUMN_ACCESS.");
    }

    [Fact]
    public async Task A_guard_that_comes_back_to_its_own_table_is_refused()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(
            "CREATE FUNCTION sales.orders.circular(a STRING) RETURNS STRING RETURN (SELECT max(status) FROM sales.orders.orders)",
            "ALTER TABLE sales.orders.orders ALTER COLUMN status SET MASK sales.orders.circular");
        (await bench.Analyst.Fails("SELECT status FROM sales.orders.orders")).Message.ShouldStartWith("[UNSUPPORTED_FEATURE]");
    }

    [Fact]
    public async Task A_change_of_membership_changes_what_the_next_query_sees()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(
            "CREATE FUNCTION sales.orders.insider(a STRING) RETURNS BOOLEAN RETURN is_account_group_member('insiders')",
            "ALTER TABLE sales.orders.orders SET ROW FILTER sales.orders.insider ON (country)");
        (await bench.Analyst.Rows("SELECT count(*) FROM sales.orders.orders")).ShouldBe([["0"]]);
        bench.Sandbox.SetPrincipal(new() { Name = "insiders", Kind = SandboxPrincipalKind.Group, Members = [SandboxCast.Analysts] });
        // Nested: analyst is in analysts-emea, which is in analysts.
        (await bench.Analyst.Rows("SELECT count(*), is_account_group_member('insiders') FROM sales.orders.orders")).ShouldBe([["24", "true"]]);
    }
}
