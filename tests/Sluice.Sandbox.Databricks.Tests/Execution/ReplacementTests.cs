namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>What CREATE OR REPLACE, CLONE, DROP and UNDROP leave of privileges, masks and row filters.</summary>
public sealed class ReplacementTests
{
    private static readonly object InOrders = new { catalog = "sales", schema = "orders" };

    private static readonly string[] Guards =
    [
        "CREATE FUNCTION sales.orders.hidden(a STRING, b STRING) RETURNS STRING RETURN '***'",
        "ALTER TABLE sales.orders.orders SET ROW FILTER sales.orders.only_region ON (country)",
        "ALTER TABLE sales.orders.orders ALTER COLUMN status SET MASK sales.orders.hidden USING COLUMNS (country)",
    ];

    // https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-table-using: REPLACE preserves granted privileges, row filters and column masks.
    [Fact]
    public async Task A_replaced_table_keeps_its_grants_row_filter_and_masks()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Guards);
        await bench.Engineer.Rows("CREATE OR REPLACE TABLE orders (order_id BIGINT, status STRING, country STRING)", InOrders);
        await bench.Engineer.Rows("INSERT INTO orders VALUES (1, 'open', 'DE'), (2, 'open', 'FR')", InOrders);
        (await bench.Analyst.Rows("SELECT * FROM orders", InOrders)).ShouldBe([["1", "***", "DE"]]);

        // What has lost a column it is given is gone.
        await bench.Engineer.Rows("CREATE OR REPLACE TABLE orders AS SELECT 1 AS order_id, 'open' AS status", InOrders);
        (await bench.Analyst.Rows("SELECT * FROM orders", InOrders)).ShouldBe([["1", "open"]]);
    }

    // https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-table-using: the table is replaced as a whole, or not at all.
    [Fact]
    public async Task A_table_may_be_replaced_by_a_query_of_itself()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("CREATE TABLE t AS SELECT order_id, country FROM orders", InOrders);
        await bench.Engineer.Rows("CREATE OR REPLACE TABLE t AS SELECT order_id, upper(country) AS country, (SELECT count(*) FROM t) AS n FROM t WHERE order_id <= 2", InOrders);
        (await bench.Engineer.Rows("SELECT count(*), max(n) FROM t", InOrders)).ShouldBe([["2", "24"]]);
        await bench.Engineer.Rows("CREATE VIEW over AS SELECT a.order_id, b.n FROM t a JOIN t b ON a.order_id = b.order_id", InOrders);
        await bench.Engineer.Rows("CREATE OR REPLACE TABLE t AS SELECT order_id, n + 1 AS n FROM over", InOrders);
        (await bench.Engineer.Rows("SELECT count(*), min(n) FROM t", InOrders)).ShouldBe([["2", "25"]]);

        // Nothing comes of one whose query fails.
        (await bench.Engineer.Fails("CREATE OR REPLACE TABLE t AS SELECT CAST('x' || order_id AS INT) AS broken FROM t", InOrders)).Message.ShouldStartWith("[CAST_INVALID_INPUT]");
        (await bench.Engineer.Fails("CREATE TABLE other AS SELECT CAST('x' || order_id AS INT) AS broken FROM t", InOrders)).Message.ShouldStartWith("[CAST_INVALID_INPUT]");
        (await bench.Engineer.Fails("CREATE TABLE IF NOT EXISTS other AS SELECT order_id FROM other", InOrders)).Message.ShouldStartWith("[TABLE_OR_VIEW_NOT_FOUND]");
        await bench.Engineer.Rows("CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a", InOrders);
        (await bench.Engineer.Rows("SELECT count(*), min(n) FROM t", InOrders)).ShouldBe([["2", "25"]]);
        (await bench.Analyst.Fails("CREATE OR REPLACE TABLE t AS SELECT 1 AS a", InOrders)).Message.ShouldStartWith("[INSUFFICIENT_PERMISSIONS]");
        (await bench.Engineer.Rows("SELECT count(*), min(n) FROM t", InOrders)).ShouldBe([["2", "25"]]);
    }

    [Fact]
    public async Task A_table_replaced_by_a_query_of_itself_holds_what_its_guards_let_through()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Guards);
        var seen = await bench.Engineer.Rows("SELECT order_id, status, country FROM orders ORDER BY order_id", InOrders);
        await bench.Engineer.Rows("CREATE OR REPLACE TABLE orders AS SELECT order_id, status, country FROM orders", InOrders);
        bench.Sandbox.Change("ALTER TABLE sales.orders.orders DROP ROW FILTER", "ALTER TABLE sales.orders.orders ALTER COLUMN status DROP MASK");
        (await bench.Engineer.Rows("SELECT order_id, status, country FROM orders ORDER BY order_id", InOrders)).ShouldBe(seen);
    }

    // https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-view
    [Fact]
    public async Task A_replaced_view_loses_its_grants_and_an_altered_one_keeps_them()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change("GRANT SELECT ON VIEW sales.orders.open_orders TO analysts");
        (await bench.Analyst.Rows("SELECT count(*) > 0 FROM open_orders", InOrders)).ShouldBe([["true"]]);
        await bench.Engineer.Rows("ALTER VIEW open_orders AS SELECT order_id FROM orders", InOrders);
        (await bench.Analyst.Rows("SELECT count(*) > 0 FROM open_orders", InOrders)).ShouldBe([["true"]]);
        await bench.Engineer.Rows("CREATE OR REPLACE VIEW open_orders AS SELECT order_id FROM orders", InOrders);
        (await bench.Analyst.Fails("SELECT count(*) FROM open_orders", InOrders)).Message.ShouldContain("SELECT on View 'sales.orders.open_orders'");
    }

    [Fact]
    public async Task A_guarded_table_is_not_cloned_and_a_clone_has_rows_and_no_grants()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change("GRANT SELECT ON TABLE sales.orders.order_lines TO `data-engineers`", "GRANT SELECT ON TABLE sales.orders.orders TO `data-engineers`");
        await bench.Engineer.Rows("CREATE TABLE lines_copy DEEP CLONE order_lines", InOrders);
        await bench.Engineer.Rows("CREATE TABLE lines_shallow SHALLOW CLONE sales.orders.order_lines", InOrders);
        (await bench.Engineer.Rows("SELECT count(*) FROM lines_copy", InOrders)).ShouldBe([["24"]]);
        (await bench.Engineer.Rows("SELECT table_type FROM sales.information_schema.tables WHERE table_name = 'lines_shallow'")).ShouldBe([["MANAGED_SHALLOW_CLONE"]]);
        (await bench.Analyst.Fails("SELECT * FROM lines_copy", InOrders)).Message.ShouldStartWith("[INSUFFICIENT_PERMISSIONS]");
        bench.Sandbox.Change(Guards);
        foreach (var kind in new[] { "DEEP", "SHALLOW" })
        {
            (await bench.Engineer.Fails($"CREATE TABLE bare {kind} CLONE orders", InOrders)).Message.ShouldStartWith("[UNSUPPORTED_FEATURE]");
        }
    }

    // https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-undrop-table
    [Fact]
    public async Task A_dropped_table_comes_back_with_its_rows_and_grants_and_without_what_the_page_does_not_name()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Guards);
        var before = (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.orders")).Json.GetProperty("table_id").GetString();
        await bench.Engineer.Rows("DELETE FROM order_lines WHERE order_id < 5", InOrders);
        await bench.Engineer.Rows("DROP TABLE orders", InOrders);
        await bench.Engineer.Rows("DROP TABLE order_lines", InOrders);
        (await bench.Analyst.Fails("SELECT * FROM orders", InOrders)).Message.ShouldStartWith("[TABLE_OR_VIEW_NOT_FOUND]");
        (await bench.Engineer.Rows("SHOW TABLES DROPPED IN sales.orders")).Select(row => (row[2], row[4])).ShouldBe([("orders", "MANAGED"), ("order_lines", "MANAGED")]);
        (await bench.Analyst.Rows("SHOW TABLES DROPPED IN sales.orders")).ShouldBeEmpty();
        (await bench.Analyst.Fails("UNDROP TABLE orders", InOrders)).Message.ShouldStartWith("[INSUFFICIENT_PERMISSIONS]");

        await bench.Engineer.Rows("UNDROP TABLE orders", InOrders);
        await bench.Engineer.Rows($"UNDROP TABLE WITH ID '{(await bench.Engineer.Rows("SHOW TABLES DROPPED IN sales.orders"))[0][3]}'");
        (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.orders")).Json.GetProperty("table_id").GetString().ShouldBe(before);
        (await bench.Engineer.Rows("SELECT min(order_id) FROM order_lines", InOrders)).ShouldBe([["5"]]);
        (await bench.Analyst.Rows("SELECT count(*) FROM orders WHERE status <> '***'", InOrders)).ShouldBe([["24"]]);
        (await bench.Engineer.Fails("UNDROP TABLE orders", InOrders)).Message.ShouldStartWith("[TABLE_OR_VIEW_NOT_FOUND]");
    }

    [Fact]
    public async Task What_the_pages_leave_open_can_be_turned()
    {
        await using var bench = await Bench.StartAsync(new() { ReplacedTablesKeepGuards = false, UndroppedTablesKeepGuards = true });
        bench.Sandbox.Change(Guards);
        await bench.Engineer.Rows("DROP TABLE orders", InOrders);
        await bench.Engineer.Rows("UNDROP TABLE orders", InOrders);
        (await bench.Analyst.Rows("SELECT DISTINCT status, country FROM orders", InOrders)).ShouldBe([["***", "DE"]]);
        await bench.Engineer.Rows("CREATE OR REPLACE TABLE orders (order_id BIGINT, status STRING, country STRING)", InOrders);
        await bench.Engineer.Rows("INSERT INTO orders VALUES (1, 'open', 'DE'), (2, 'open', 'FR')", InOrders);
        (await bench.Analyst.Rows("SELECT status, country FROM orders ORDER BY order_id", InOrders)).ShouldBe([["open", "DE"], ["open", "FR"]]);
    }

    [Fact]
    public async Task A_renamed_table_keeps_its_guards_and_a_dropped_function_closes_it()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Guards);
        await bench.Engineer.Rows("ALTER TABLE orders RENAME TO purchases", InOrders);
        (await bench.Analyst.Rows("SELECT DISTINCT status, country FROM purchases", InOrders)).ShouldBe([["***", "DE"]]);
        await bench.Engineer.Rows("CREATE OR REPLACE FUNCTION hidden(a STRING, b STRING) RETURNS STRING RETURN concat('*', b)", InOrders);
        (await bench.Analyst.Rows("SELECT DISTINCT status FROM purchases", InOrders)).ShouldBe([["*DE"]]);
        await bench.Engineer.Rows("CREATE OR REPLACE FUNCTION hidden(a STRING) RETURNS STRING RETURN a", InOrders);
        (await bench.Analyst.Fails("SELECT status FROM purchases", InOrders)).Message.ShouldStartWith("[WRONG_NUM_ARGS.WITHOUT_SUGGESTION]");
        await bench.Engineer.Rows("DROP FUNCTION hidden", InOrders);
        (await bench.Analyst.Fails("SELECT order_id FROM purchases", InOrders)).Message.ShouldStartWith("[UNRESOLVED_ROUTINE]");
    }
}
