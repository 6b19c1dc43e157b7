namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-sql-function.</summary>
public sealed class FunctionTests
{
    private static readonly object InOrders = new { catalog = "sales", schema = "orders" };

    private static readonly string[] Entitlements =
    [
        "CREATE TABLE people.staff.entitled (who STRING, region STRING)",
        "INSERT INTO people.staff.entitled VALUES ('analyst@acme.example', 'FR'), ('someone@acme.example', 'DE')",
    ];

    [Fact]
    public async Task A_function_reads_with_its_owners_rights_and_asks_about_who_runs_the_query()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Entitlements);
        bench.Sandbox.Change(
            "CREATE FUNCTION sales.orders.entitled(region STRING) RETURNS BOOLEAN READS SQL DATA RETURN EXISTS (SELECT 1 FROM people.staff.entitled e WHERE e.who = session_user() AND e.region = entitled.region)",
            "GRANT EXECUTE ON FUNCTION sales.orders.entitled TO analysts",
            "GRANT EXECUTE ON FUNCTION sales.orders.entitled TO `data-engineers`");
        (await bench.Analyst.Fails("SELECT * FROM people.staff.entitled")).Message.ShouldStartWith("[INSUFFICIENT_PERMISSIONS]");
        (await bench.Analyst.Rows("SELECT sales.orders.entitled('FR'), sales.orders.entitled('DE'), sales.orders.entitled(NULL)")).ShouldBe([["true", "false", "false"]]);
        (await bench.Engineer.Rows("SELECT sales.orders.entitled('FR')")).ShouldBe([["false"]]);

        // The owner's rights are looked up when the query runs.
        bench.Sandbox.Change("ALTER FUNCTION sales.orders.entitled OWNER TO `workspace-admin@acme.example`");
        (await bench.Analyst.Fails("SELECT sales.orders.entitled('FR')")).Message.ShouldStartWith("[INSUFFICIENT_PERMISSIONS]");
    }

    // https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-name-resolution: a query's columns come before the function's parameters.
    [Fact]
    public async Task A_name_in_a_body_that_reads_tables_is_a_column_before_it_is_a_parameter()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Entitlements);
        bench.Sandbox.Change(
            "CREATE FUNCTION sales.orders.careless(region STRING) RETURNS BOOLEAN RETURN EXISTS (SELECT 1 FROM people.staff.entitled WHERE region = region)",
            "CREATE FUNCTION sales.orders.careful(region STRING) RETURNS BOOLEAN RETURN EXISTS (SELECT 1 FROM people.staff.entitled WHERE region = careful.region)",
            "CREATE FUNCTION sales.orders.other(wanted STRING) RETURNS STRING RETURN (SELECT max(who) FROM people.staff.entitled WHERE region = wanted)",
            "CREATE FUNCTION sales.orders.plain(a STRING) RETURNS STRING RETURN plain.a || upper(a)");
        (await bench.Engineer.Fails("SELECT sales.orders.careless('XX')")).Message.ShouldContain("EXECUTE");
        bench.Sandbox.Change("GRANT EXECUTE ON SCHEMA sales.orders TO analysts");
        (await bench.Analyst.Rows("SELECT sales.orders.careless('XX'), sales.orders.careful('XX'), sales.orders.careful('DE'), sales.orders.other('DE'), sales.orders.plain('x')")).ShouldBe([["true", "false", "true", "someone@acme.example", "xX"]]);
        (await bench.Analyst.Rows("SELECT count(*) FROM sales.orders.orders WHERE sales.orders.careful(country)")).ShouldBe((await bench.Analyst.Rows("SELECT count(*) FROM sales.orders.orders WHERE country IN ('DE', 'FR')")));
        bench.Sandbox.Change("GRANT SELECT ON VIEW sales.orders.open_orders TO analysts", "ALTER VIEW sales.orders.open_orders AS SELECT country AS region, currency AS wanted FROM sales.orders.orders");
        (await bench.Analyst.Rows("SELECT count(*) FROM sales.orders.open_orders WHERE sales.orders.careful(region) AND sales.orders.other(region) IS NOT NULL AND sales.orders.other(wanted) IS NULL")).ShouldBe((await bench.Analyst.Rows("SELECT count(*) FROM sales.orders.orders WHERE country IN ('DE', 'FR')")));
        (await bench.Analyst.Rows("SELECT sum(CASE WHEN sales.orders.careful(country) THEN 1 ELSE 0 END) > 0 FROM sales.orders.orders GROUP BY currency LIMIT 1")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Arguments_and_results_are_cast_and_a_type_left_out_is_the_bodys()
    {
        await using var bench = await Bench.StartAsync();
        foreach (var statement in new[]
        {
            "CREATE FUNCTION half(a INT COMMENT 'whole') RETURNS INT COMMENT 'Half of it' RETURN a / 2",
            "CREATE FUNCTION twice(a STRING) RETURN a || a",
            "CREATE OR REPLACE FUNCTION twice(a STRING) RETURN concat(a, '-', a)",
            "CREATE FUNCTION IF NOT EXISTS twice(a STRING) RETURN 'never'",
            "CREATE FUNCTION dice() RETURNS DOUBLE NOT DETERMINISTIC CONTAINS SQL RETURN rand()",
            "CREATE FUNCTION counted() RETURNS BIGINT LANGUAGE SQL RETURN (SELECT count(*) FROM orders)",
        })
        {
            await bench.Engineer.Rows(statement, InOrders);
        }

        (await bench.Engineer.Rows("SELECT half('7'), half(9.9), twice(5), counted(), dice() < 1", InOrders)).ShouldBe([["3", "4", "5-5", "24", "true"]]);
        (await bench.Engineer.Fails("SELECT half('x')", InOrders)).Message.ShouldStartWith("[CAST_INVALID_INPUT]");
        var shown = (await bench.Engineer.Get($"{RestClient.Catalog}/functions/sales.orders.twice")).ShouldSucceed().Json;
        (shown.GetProperty("data_type").GetString(), shown.GetProperty("is_deterministic").GetBoolean(), shown.GetProperty("sql_data_access").GetString()).ShouldBe(("STRING", true, "CONTAINS_SQL"));
        (await bench.Engineer.Rows("SELECT routine_name, is_deterministic, sql_data_access, full_data_type FROM sales.information_schema.routines WHERE routine_name IN ('dice', 'counted') ORDER BY 1")).ShouldBe([["counted", "YES", "READS_SQL_DATA", "bigint"], ["dice", "NO", "CONTAINS_SQL", "double"]]);
        (await bench.Engineer.Rows("DESCRIBE FUNCTION EXTENDED half", InOrders)).Select(row => row[0]).Take(8).ShouldBe(
            ["Function: sales.orders.half", "Type:     SCALAR", "Input:    a INT 'whole'", "Returns:  INT", "Comment:  Half of it", "Deterministic: true", "Data Access: CONTAINS SQL", "Owner: engineer@acme.example"]);
    }

    [Theory]
    [InlineData("CREATE FUNCTION half(a INT) RETURNS INT RETURN a", "ROUTINE_ALREADY_EXISTS")]
    [InlineData("CREATE OR REPLACE FUNCTION IF NOT EXISTS half(a INT) RETURNS INT RETURN a", "INVALID_SQL_SYNTAX.CREATE_ROUTINE_WITH_IF_NOT_EXISTS_AND_REPLACE")]
    [InlineData("CREATE FUNCTION late(a INT) RETURNS INT RETURN late(a)", "UNRESOLVED_ROUTINE")]
    [InlineData("CREATE FUNCTION other(a INT) RETURNS INT LANGUAGE PYTHON RETURN a", "UNSUPPORTED_FEATURE")]
    [InlineData("DROP FUNCTION nothing", "UNRESOLVED_ROUTINE")]
    public async Task A_function_that_cannot_be_is_refused(string statement, string condition)
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("CREATE FUNCTION half(a INT) RETURNS INT RETURN a", InOrders);
        (await bench.Engineer.Fails(statement, InOrders)).Message.ShouldStartWith($"[{condition}]");
    }

    [Fact]
    public async Task Privileges_on_routines_are_listed_for_who_may_execute_them()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change("GRANT EXECUTE ON FUNCTION sales.orders.net_price TO analysts", "GRANT EXECUTE ON SCHEMA sales.orders TO `account-admin@acme.example`");
        const string All = "SELECT grantee, routine_name, privilege_type, inherited_from FROM sales.information_schema.routine_privileges WHERE routine_name = 'net_price' AND grantee <> '5f1c1a6e-3b0e-4d59-9c57-8a2f5f3e0b11' ORDER BY 1";
        (await bench.Engineer.Rows(All)).ShouldBe([["account-admin@acme.example", "net_price", "EXECUTE", "SCHEMA"], ["analysts", "net_price", "EXECUTE", "NONE"]]);
        (await bench.Analyst.Rows(All)).ShouldBe([["analysts", "net_price", "EXECUTE", "NONE"]]);
        var effective = (await bench.Engineer.Get($"{RestClient.Catalog}/effective-permissions/function/sales.orders.net_price?principal=account-admin@acme.example&max_results=0")).ShouldSucceed().Json;
        effective.GetProperty("privilege_assignments")[0].GetProperty("privileges")[0].GetProperty("inherited_from_name").GetString().ShouldBe("sales.orders");
        (await bench.Engineer.Rows("SHOW FUNCTIONS IN sales.orders LIKE 'net*'")).ShouldBe([["sales.orders.net_price"]]);
    }
}
