namespace Sluice.Sandbox.Databricks.Tests.Execution;

public sealed class SelectTests
{
    [Theory]
    [InlineData("SELECT 1", "1")]
    [InlineData("SELECT 'It\\'s', \"two\" 'parts'", "It's|twoparts")]
    [InlineData("SELECT current_user(), session_user()", "engineer@acme.example|engineer@acme.example")]
    [InlineData("SELECT current_catalog(), current_schema(), current_database()", "sales|orders|orders")]
    [InlineData("SELECT is_account_group_member('data-engineers'), is_account_group_member('analysts'), is_member('users')", "true|false|true")]
    [InlineData("SELECT current_metastore()", "aws:us-east-1:6e2c2f1b-6f0a-4a3f-9a42-0f4a6e1c7d55")]
    [InlineData("SELECT count(*) FROM orders", "24")]
    [InlineData("SELECT count(*) FROM sales.orders.orders o JOIN sales.customers.customers c ON o.customer_id = c.customer_id WHERE c.region IS NOT NULL", "1")]
    [InlineData("SELECT orders.order_id FROM orders ORDER BY 1 LIMIT 1", "1")]
    [InlineData("SELECT sales.orders.orders.order_id FROM sales.orders.orders ORDER BY sales.orders.orders.order_id LIMIT 1", "1")]
    [InlineData("WITH o AS (SELECT order_id FROM orders), p AS (SELECT * FROM o) SELECT max(order_id) FROM p", "24")]
    [InlineData("SELECT x FROM (SELECT order_id AS x FROM orders UNION SELECT 100) ORDER BY x DESC LIMIT 1", "100")]
    [InlineData("SELECT count(*) FROM orders WHERE order_id IN (SELECT order_id FROM order_lines WHERE order_id < 4)", "3")]
    [InlineData("SELECT extract(YEAR FROM DATE '2026-05-04'), 1 IS DISTINCT FROM 2", "2026|true")]
    [InlineData("SELECT sum(order_id), avg(order_id), cast(1.5 AS decimal(6,2)), cast(2 AS double) FROM orders", "300|12.5|1.50|2.0")]
    [InlineData("SELECT DATE '2026-05-04', TIMESTAMP '2026-05-04 01:02:03.5', cast(NULL AS string)", "2026-05-04|2026-05-04T01:02:03.500Z|<null>")]
    [InlineData("SELECT array(1, 2), array('a', NULL)", "[1,2]|[\"a\",null]")]
    [InlineData("SELECT nvl(NULL, 'x'), sha2('a', 256), upper('ä')", "x|ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb|Ä")]
    [InlineData("SELECT date_sub(DATE '2026-05-04', 7), date_add('2026-05-04', 1), DATE '2026-05-04' - INTERVAL 7 DAYS < DATE '2026-05-04'", "2026-04-27|2026-05-05|true")]
    [InlineData("SELECT unix_millis(TIMESTAMP '2026-05-04 01:02:03.5'), timestamp_millis(1777856523500)", "1777856523500|2026-05-04T01:02:03.500Z")]
    [InlineData("SELECT trim(BOTH ' ' FROM ' a '), substring('abc' FROM 2), extract(MONTH FROM (SELECT max(order_date) FROM orders)) > 0, 1 IS NOT DISTINCT FROM 1", "a|bc|true|true")]
    [InlineData("SELECT count(*) FROM VALUES (1), (2) AS t (a) JOIN orders ON order_id = a", "2")]
    [InlineData("SELECT count(*) FROM (TABLE orders) o", "24")]
    [InlineData("SELECT current_version().dbsql_version", "2026.10")]
    [InlineData("SELECT 1 <=> NULL, 1 == 1", "false|true")]
    [InlineData("SELECT * EXCEPT (b) FROM (SELECT 1 AS a, 2 AS b)", "1")]
    [InlineData("SELECT sales.orders.mask_email('a@b.c'), mask_email(NULL)", "a@b.c|<null>")]
    [InlineData("SELECT count(*) FROM `web-analytics`.`größen_und_maße`.`売上` WHERE `商品` IS NOT NULL", "24")]
    [InlineData("SELECT count(`back``tick`), count(`it's`), count(`say\"hi\"`) FROM `web-analytics`.`odd-names`.`quote'd`", "24|24|24")]
    [InlineData("SELECT count(*) FROM `web-analytics`.`odd-names`.`select` WHERE `from` <> ''", "24")]
    [InlineData("SELECT count(*) /* a /* nested */ comment */ FROM orders -- and one to the end", "24")]
    public async Task A_query_answers_as_the_service_would(string statement, string expected)
    {
        await using var bench = await Bench.StartAsync();
        var row = (await bench.Engineer.Rows(statement, new { catalog = "sales", schema = "orders" })).ShouldHaveSingleItem();
        string.Join('|', row.Select(value => value ?? "<null>")).ShouldBe(expected);
    }

    [Theory]
    [InlineData("SELECT * FROM sales.orders.nothing", "TABLE_OR_VIEW_NOT_FOUND", "42P01")]
    [InlineData("SELECT * FROM nowhere.orders.nothing", "TABLE_OR_VIEW_NOT_FOUND", "42P01")]
    [InlineData("SELECT nothing FROM sales.orders.orders", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703")]
    [InlineData("SELECT nothing(1)", "UNRESOLVED_ROUTINE", "42883")]
    [InlineData("SELECT sales.orders.nothing(1)", "UNRESOLVED_ROUTINE", "42883")]
    [InlineData("SELECT 1 FROM", "PARSE_SYNTAX_ERROR", "42601")]
    [InlineData("SELECT 1; SELECT 2", "PARSE_SYNTAX_ERROR", "42601")]
    [InlineData("SELECT 1; DROP TABLE sales.orders.orders", "PARSE_SYNTAX_ERROR", "42601")]
    [InlineData("SELEC 1", "PARSE_SYNTAX_ERROR", "42601")]
    [InlineData("SELECT (1", "PARSE_SYNTAX_ERROR", "42601")]
    [InlineData("SELECT 'a", "PARSE_SYNTAX_ERROR", "42601")]
    [InlineData("", "PARSE_EMPTY_STATEMENT", "42617")]
    [InlineData("SELECT CAST('x' AS INT)", "CAST_INVALID_INPUT", "22018")]
    [InlineData("SELECT :missing", "UNBOUND_SQL_PARAMETER", "42P02")]
    [InlineData("SELECT * FROM people.payroll.salaries", "INSUFFICIENT_PERMISSIONS", "42501")]
    [InlineData("SELECT * FROM sales.orders.order_lines", "INSUFFICIENT_PERMISSIONS", "42501")]
    [InlineData("SELECT sales.orders.net_price(1, 2)", "INSUFFICIENT_PERMISSIONS", "42501")]
    [InlineData("SELECT * FROM system.access.audit", "INSUFFICIENT_PERMISSIONS", "42501")]
    [InlineData("SELECT * FROM a.b.c.d", "IDENTIFIER_TOO_MANY_NAME_PARTS", "42601")]
    [InlineData("TABLE people.payroll.salaries", "INSUFFICIENT_PERMISSIONS", "42501")]
    [InlineData("SELECT * FROM (TABLE people.payroll.salaries)", "INSUFFICIENT_PERMISSIONS", "42501")]
    [InlineData("SELECT 1 UNION ALL TABLE people.payroll.salaries", "INSUFFICIENT_PERMISSIONS", "42501")]
    [InlineData("SELECT (SELECT max(salary) FROM people.payroll.salaries)", "INSUFFICIENT_PERMISSIONS", "42501")]
    [InlineData("SELECT coalesce((SELECT 1 FROM people.payroll.salaries), 2)", "INSUFFICIENT_PERMISSIONS", "42501")]
    [InlineData("SELECT * FROM VALUES (1), (2) AS t (a), people.payroll.salaries", "INSUFFICIENT_PERMISSIONS", "42501")]
    [InlineData("SELECT * FROM query_table('x')", "UNRESOLVABLE_TABLE_VALUED_FUNCTION", "42883")]
    [InlineData("SELECT * FROM query('SELECT 1')", "UNRESOLVABLE_TABLE_VALUED_FUNCTION", "42883")]
    [InlineData("SELECT * FROM sandbox_scan(1)", "UNRESOLVABLE_TABLE_VALUED_FUNCTION", "42883")]
    [InlineData("SELECT * FROM duckdb_tables()", "UNRESOLVABLE_TABLE_VALUED_FUNCTION", "42883")]
    [InlineData("SELECT * FROM sales.orders.orders, query_table('x')", "UNRESOLVABLE_TABLE_VALUED_FUNCTION", "42883")]
    [InlineData("SELECT * FROM 'x'", "PARSE_SYNTAX_ERROR", "42601")]
    [InlineData("SELECT (FROM `x`)", "PARSE_SYNTAX_ERROR", "42601")]
    [InlineData("SELECT EXISTS (FROM `x`)", "PARSE_SYNTAX_ERROR", "42601")]
    [InlineData("WITH p AS (PIVOT `x` ON y) SELECT * FROM p", "PARSE_SYNTAX_ERROR", "42601")]
    [InlineData("WITH p AS (SUMMARIZE `x`) SELECT * FROM p", "PARSE_SYNTAX_ERROR", "42601")]
    public async Task A_failing_query_names_its_error_class_and_state(string statement, string condition, string state)
    {
        await using var bench = await Bench.StartAsync();
        var failure = await bench.Analyst.Fails(statement);
        failure.Message.ShouldStartWith($"[{condition}]");
        failure.SqlState.ShouldBe(state);
        failure.Code.ShouldBe("BAD_REQUEST");
    }

    [Fact]
    public async Task Parameters_are_values_of_their_types_and_nothing_else()
    {
        await using var bench = await Bench.StartAsync();
        var rows = await bench.Engineer.Rows(
            "SELECT :text, :number + 1, :day, :nothing, typeof(:number) FROM IDENTIFIER(:table) WHERE order_id = :number",
            new
            {
                parameters = new object[]
                {
                    new { name = "text", value = "'; DROP TABLE x; --" },
                    new { name = "number", value = "7", type = "INT" },
                    new { name = "day", value = "2026-05-04", type = "DATE" },
                    new { name = "nothing", type = "STRING" },
                    new { name = "table", value = "sales.orders.orders" },
                },
            });
        rows.ShouldHaveSingleItem()[..4].ShouldBe(["'; DROP TABLE x; --", "8", "2026-05-04", null]);
    }

    [Fact]
    public async Task No_statement_reaches_the_engines_own_tables_by_their_names()
    {
        await using var bench = await Bench.StartAsync();
        var id = (await bench.Engineer.Get($"{RestClient.Catalog}/tables/people.payroll.salaries")).ShouldSucceed().Json.GetProperty("table_id").GetString();
        await bench.Engineer.Rows("SELECT count(*) FROM people.payroll.salaries");
        bench.Sandbox.Change("CREATE TABLE sales.orders.mine (a BIGINT)", "ALTER TABLE sales.orders.mine OWNER TO `analyst@acme.example`");

        foreach (var statement in new[]
        {
            $"SELECT * FROM `t_{id}`", $"TABLE `t_{id}`", $"SELECT * FROM query_table('t_{id}')", $"SELECT * FROM query('TABLE \"t_{id}\"')", $"SELECT * FROM 't_{id}'",
            $"SELECT (FROM `t_{id}` LIMIT 1)", $"SELECT count(*) FROM range(1) WHERE EXISTS (TABLE `t_{id}`)", $"WITH p AS (FROM `t_{id}`) SELECT * FROM p",
            $"INSERT INTO sales.orders.mine FROM `t_{id}`", $"INSERT INTO sales.orders.mine TABLE `t_{id}`", $"INSERT INTO sales.orders.mine (a) SELECT 1 FROM `t_{id}`",
            $"UPDATE sales.orders.mine SET a = 1 FROM `t_{id}`", $"DELETE FROM sales.orders.mine USING `t_{id}` WHERE true", $"UPDATE sales.orders.mine SET a = (SELECT 1 FROM `t_{id}` LIMIT 1)",
            $"MERGE INTO sales.orders.mine AS m USING `t_{id}` AS s ON m.a = 1 WHEN NOT MATCHED THEN INSERT (a) VALUES (1)",
            $"MERGE INTO sales.orders.mine AS m USING (SELECT 1 AS a) AS s ON m.a IN (SELECT 1 FROM `t_{id}`) WHEN MATCHED THEN DELETE",
        })
        {
            (await bench.Analyst.Fails(statement)).SqlState.ShouldBeOneOf("42P01", "42601", "42883");
        }
    }

    [Fact]
    public async Task A_row_filter_and_a_mask_show_each_reader_what_they_may_see()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change("GRANT USE SCHEMA, SELECT ON SCHEMA sales.customers TO analysts", "CREATE VIEW sales.customers.contacts AS SELECT email FROM sales.customers.customers", "ALTER VIEW sales.customers.contacts OWNER TO `data-engineers`");
        const string Regions = "SELECT DISTINCT region FROM sales.customers.customers ORDER BY 1";
        (await bench.Engineer.Rows(Regions)).ShouldBe([["DE"], ["FR"], ["GB"], ["US"]]);
        (await bench.Analyst.Rows(Regions)).ShouldBe([["DE"]]);
        (await bench.Engineer.Rows("SELECT count(*) FROM sales.customers.customers WHERE email LIKE 'person%'")).ShouldBe([["24"]]);
        // Not even who searches by it learns what is masked, nor through a view whose owner sees it.
        (await bench.Analyst.Rows("SELECT count(*), min(email), max(email) FROM sales.customers.customers c WHERE c.email NOT LIKE 'person%'")).ShouldBe([["6", "***", "***"]]);
        (await bench.Analyst.Rows("SELECT DISTINCT email FROM sales.customers.contacts")).ShouldBe([["***"]]);
    }

    [Fact]
    public async Task A_mask_is_given_the_other_columns_as_they_are_stored()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(
            "CREATE FUNCTION sales.orders.hide(a STRING, b STRING) RETURNS STRING RETURN CASE WHEN b = 'DE' THEN a ELSE 'hidden' END",
            "CREATE FUNCTION sales.orders.blank(a STRING) RETURNS STRING RETURN 'blank'",
            "ALTER TABLE sales.orders.orders ALTER COLUMN country SET MASK sales.orders.blank",
            "ALTER TABLE sales.orders.orders ALTER COLUMN status SET MASK sales.orders.hide USING COLUMNS (country)");
        (await bench.Analyst.Rows("SELECT DISTINCT country, status = 'hidden' FROM sales.orders.orders ORDER BY 2")).ShouldBe([["blank", "false"], ["blank", "true"]]);

        bench.Sandbox.Change("DROP FUNCTION sales.orders.blank");
        (await bench.Analyst.Fails("SELECT count(*) FROM sales.orders.orders")).Message.ShouldStartWith("[UNRESOLVED_ROUTINE]");
    }

    [Theory]
    [InlineData("UPDATE sales.customers.customers SET region = 'DE'")]
    [InlineData("DELETE FROM sales.customers.customers")]
    [InlineData("MERGE INTO sales.customers.customers AS c USING (SELECT 1 AS id) AS s ON c.customer_id = s.id WHEN MATCHED THEN DELETE")]
    public async Task Guarded_rows_are_not_changed_past_their_guards(string statement)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Fails(statement)).Message.ShouldContain("not supported by this stand-in yet");
        bench.Sandbox.Change(statement);
    }

    [Fact]
    public async Task A_view_reads_as_its_owner_and_asks_as_its_reader()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(
            "CREATE VIEW sales.orders.who AS SELECT current_user() AS me, count(*) AS n FROM sales.customers.customers",
            "ALTER VIEW sales.orders.who OWNER TO `data-engineers`",
            "GRANT SELECT ON VIEW sales.orders.who TO analysts");
        (await bench.Analyst.Rows("SELECT * FROM sales.orders.who")).ShouldHaveSingleItem().ShouldBe(["analyst@acme.example", "6"]);
        (await bench.Analyst.Fails("SELECT * FROM sales.customers.customers")).Message.ShouldContain("USE SCHEMA on Schema 'sales.customers'");
    }
}
