namespace Sluice.Sandbox.Databricks.Tests.Execution;

public sealed class CatalogStatementTests
{
    private static readonly object InOrders = new { catalog = "sales", schema = "orders" };

    [Fact]
    public async Task The_older_metastore_is_told_of_by_SHOW_CATALOGS_alone()
    {
        await using var bench = await Bench.StartAsync();

        (await bench.Admin.Rows("SHOW CATALOGS LIKE 'hive*'")).ShouldBe([["hive_metastore"]]);
        (await bench.Admin.Fails("CREATE CATALOG hive_metastore")).Message.ShouldStartWith("[CATALOG_ALREADY_EXISTS]");
        (await bench.Admin.Rows("SELECT catalog_name FROM system.information_schema.catalogs WHERE catalog_name = 'hive_metastore'")).ShouldBeEmpty();
        (await bench.Admin.Get($"{RestClient.Catalog}/catalogs/hive_metastore")).ShouldFail(404, "CATALOG_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task Catalog_schema_and_table_are_made_filled_changed_and_dropped()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Admin.Rows("GRANT CREATE CATALOG ON METASTORE TO `engineer@acme.example`");
        foreach (var statement in new[]
        {
            "CREATE CATALOG lab COMMENT 'For trials'",
            "CREATE CATALOG IF NOT EXISTS lab",
            "CREATE SCHEMA lab.trials",
            "CREATE TABLE lab.trials.runs (id BIGINT NOT NULL, Name STRING COMMENT 'called', tags ARRAY<STRING>, at STRUCT<x: INT, y: STRING>, m MAP<STRING, INT>, day DATE) PARTITIONED BY (day)",
            "INSERT INTO lab.trials.runs (id, Name) VALUES (1, 'one'), (2, 'two')",
            "UPDATE lab.trials.runs SET Name = concat(Name, '!') WHERE id = 2",
            "MERGE INTO lab.trials.runs AS t USING (SELECT 2 AS id, 'deux' AS n UNION SELECT 3, 'trois') AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET Name = s.n WHEN NOT MATCHED THEN INSERT (id, Name) VALUES (s.id, s.n)",
            "ALTER TABLE lab.trials.runs ADD COLUMNS (extra INT COMMENT 'late')",
            "ALTER TABLE lab.trials.runs RENAME COLUMN extra TO more",
            "ALTER TABLE lab.trials.runs RENAME TO attempts",
            "DELETE FROM lab.trials.attempts WHERE id = 1",
            "CREATE TABLE lab.trials.people (name STRING, audience STRING, CONSTRAINT pk PRIMARY KEY (name, audience) RELY)",
            "INSERT INTO lab.trials.people VALUES ('a', 'b')",
            "TRUNCATE TABLE lab.trials.people",
            "CREATE OR REPLACE VIEW lab.trials.names AS SELECT Name FROM lab.trials.attempts",
            "CREATE TABLE lab.trials.copy AS SELECT id, Name FROM lab.trials.attempts",
        })
        {
            await bench.Engineer.Rows(statement);
        }

        (await bench.Engineer.Rows("SELECT id, Name, more FROM lab.trials.attempts ORDER BY id")).ShouldBe([["2", "deux", null], ["3", "trois", null]]);
        (await bench.Engineer.Rows("SELECT * FROM lab.trials.names ORDER BY 1")).ShouldBe([["deux"], ["trois"]]);
        (await bench.Engineer.Rows("SELECT count(*) FROM lab.trials.copy")).ShouldBe([["2"]]);
        (await bench.Engineer.Rows("SELECT * FROM lab.trials.people")).ShouldBeEmpty();
        (await bench.Engineer.Rows("SHOW TABLES IN lab.trials LIKE 'a*|c*'")).ShouldBe([["trials", "attempts", "false"], ["trials", "copy", "false"]]);
        (await bench.Engineer.Rows("SHOW VIEWS IN lab.trials")).ShouldBe([["trials", "names", "false", "false"]]);
        (await bench.Engineer.Rows("SHOW SCHEMAS IN lab")).ShouldBe([["default"], ["information_schema"], ["trials"]]);
        (await bench.Engineer.Fails("DROP SCHEMA lab.trials")).Message.ShouldStartWith("[SCHEMA_NOT_EMPTY]");
        await bench.Engineer.Rows("DROP SCHEMA lab.trials CASCADE");
        await bench.Engineer.Rows("DROP CATALOG lab");
        (await bench.Engineer.Rows("SHOW CATALOGS LIKE 'la*'")).ShouldBeEmpty();
        await bench.Engineer.Rows("DROP TABLE IF EXISTS sales.orders.nothing");
    }

    [Fact]
    public async Task Changes_of_rows_answer_how_many()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Rows("INSERT INTO sales.customers.segments SELECT 's', 'd', true FROM range(3)")).ShouldBe([["3", "3"]]);
        (await bench.Engineer.Rows("UPDATE sales.customers.segments s SET description = 'x' WHERE s.segment = 's'")).ShouldBe([["3"]]);
        (await bench.Engineer.Rows("DELETE FROM sales.customers.segments WHERE description = 'x'")).ShouldBe([["3"]]);
        (await bench.Engineer.Rows("INSERT OVERWRITE sales.customers.segments VALUES ('only', 'one', false)")).Length.ShouldBe(1);
        (await bench.Engineer.Rows("SELECT segment FROM sales.customers.segments")).ShouldBe([["only"]]);
    }

    [Theory]
    [InlineData("INSERT INTO orders (order_id) VALUES (1)", "MODIFY")]
    [InlineData("DELETE FROM orders", "MODIFY")]
    [InlineData("CREATE TABLE mine (a INT)", "CREATE TABLE")]
    [InlineData("CREATE FUNCTION f() RETURNS INT RETURN 1", "CREATE FUNCTION")]
    [InlineData("CREATE SCHEMA sales.mine", "CREATE SCHEMA")]
    [InlineData("CREATE CATALOG mine", "CREATE CATALOG")]
    [InlineData("DROP TABLE orders", "MANAGE")]
    [InlineData("ALTER TABLE orders OWNER TO analysts", "MANAGE")]
    [InlineData("ALTER TABLE orders SET TAGS ('a' = 'b')", "APPLY TAG")]
    [InlineData("GRANT SELECT ON TABLE orders TO analysts", "MANAGE")]
    [InlineData("ALTER TABLE people.payroll.salaries SET TAGS ('a' = 'b')", "USE CATALOG")]
    public async Task What_the_caller_may_not_do_is_refused_with_the_privilege_missing(string statement, string privilege)
    {
        await using var bench = await Bench.StartAsync();
        var failure = await bench.Analyst.Fails(statement, InOrders);
        failure.Message.ShouldStartWith($"[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have {privilege} on");
        failure.SqlState.ShouldBe("42501");
    }

    [Theory]
    [InlineData("CREATE TABLE orders (a INT)", "TABLE_OR_VIEW_ALREADY_EXISTS")]
    [InlineData("CREATE SCHEMA sales.orders", "SCHEMA_ALREADY_EXISTS")]
    [InlineData("CREATE TABLE `a b` (a INT)", "INVALID_PARAMETER_VALUE")]
    [InlineData("CREATE TABLE nowhere.x.t (a INT)", "SCHEMA_NOT_FOUND")]
    [InlineData("ALTER TABLE orders ALTER COLUMN nothing COMMENT 'x'", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION")]
    [InlineData("ALTER TABLE orders ADD COLUMN order_id INT", "FIELD_ALREADY_EXISTS")]
    [InlineData("ALTER TABLE orders OWNER TO nobody", "PRINCIPAL_DOES_NOT_EXIST")]
    [InlineData("ALTER TABLE orders RENAME TO people.staff.orders", "UNSUPPORTED_FEATURE")]
    [InlineData("ALTER TABLE orders SET TAGS ('a.b' = 'c')", "INVALID_PARAMETER_VALUE")]
    [InlineData("GRANT USE CATALOG ON TABLE orders TO analysts", "INVALID_PARAMETER_VALUE")]
    [InlineData("INSERT INTO open_orders (order_id) VALUES (1)", "UNSUPPORTED_FEATURE.TABLE_OPERATION")]
    [InlineData("USE CATALOG nowhere", "NO_SUCH_CATALOG_EXCEPTION")]
    [InlineData("ALTER TABLE orders SET ROW FILTER only_region ON (country, status)", "ROW_COLUMN_ACCESS.ASSIGNED_ROW_FILTER_WRONG_NUMBER_OF_COLUMNS")]
    [InlineData("ALTER TABLE orders SET ROW FILTER mask_email ON (country)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION")]
    [InlineData("ALTER TABLE orders SET ROW FILTER nothing ON (country)", "ROW_COLUMN_ACCESS.ASSIGNED_ROW_FILTER_FUNCTION_NOT_FOUND")]
    [InlineData("ALTER TABLE orders SET ROW FILTER net_price ON (total, total)", "ROW_COLUMN_ACCESS.ASSIGNED_ROW_FILTER_DUPLICATE_COLUMN_NAME")]
    [InlineData("ALTER TABLE orders SET ROW FILTER only_region ON (nothing)", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION")]
    [InlineData("ALTER TABLE orders ALTER COLUMN status SET MASK nothing", "ROW_COLUMN_ACCESS.ASSIGNED_COLUMN_MASK_FUNCTION_NOT_FOUND")]
    [InlineData("ALTER TABLE orders ALTER COLUMN status SET MASK mask_email USING COLUMNS (country)", "ROW_COLUMN_ACCESS.ASSIGNED_COLUMN_MASK_WRONG_NUMBER_OF_COLUMNS")]
    [InlineData("ALTER TABLE orders ALTER COLUMN total SET MASK net_price", "ROW_COLUMN_ACCESS.ASSIGNED_COLUMN_MASK_WRONG_NUMBER_OF_COLUMNS")]
    [InlineData("ALTER TABLE orders ALTER COLUMN total SET MASK net_price USING COLUMNS (total)", "ROW_COLUMN_ACCESS.ASSIGNED_COLUMN_MASK_USING_COLUMN_NAME_SAME_AS_TARGET_COLUMN")]
    [InlineData("ALTER TABLE orders ALTER COLUMN order_date SET MASK net_price USING COLUMNS (total)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION")]
    [InlineData("ALTER TABLE open_orders ALTER COLUMN status SET MASK mask_email", "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE")]
    [InlineData("ALTER VIEW open_orders ALTER COLUMN status SET MASK mask_email", "PARSE_SYNTAX_ERROR")]
    [InlineData("ALTER VIEW open_orders SET ROW FILTER only_region ON (country)", "PARSE_SYNTAX_ERROR")]
    [InlineData("ALTER TABLE order_events SET ROW FILTER only_region ON (kind)", "STREAMING_TABLE_OPERATION_NOT_ALLOWED.INVALID_ALTER")]
    [InlineData("ALTER STREAMING TABLE orders SET ROW FILTER only_region ON (country)", "STREAMING_TABLE_OPERATION_NOT_ALLOWED.NON_STREAMING_TABLE")]
    [InlineData("ALTER MATERIALIZED VIEW open_orders SET ROW FILTER only_region ON (country)", "MATERIALIZED_VIEW_OPERATION_NOT_ALLOWED.NON_MATERIALIZED_VIEW")]
    [InlineData("CREATE FUNCTION f(a INT) RETURNS INT RETURN b", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION")]
    [InlineData("CREATE FUNCTION f(a INT) RETURNS INT RETURN nothing(a)", "UNRESOLVED_ROUTINE")]
    [InlineData("CREATE FUNCTION f(a INT) RETURNS INT RETURN (SELECT max(x) FROM nowhere)", "TABLE_OR_VIEW_NOT_FOUND")]
    [InlineData("DROP TABLE open_orders", "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE")]
    [InlineData("DROP VIEW orders", "EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE")]
    [InlineData("ALTER TABLE open_orders RENAME TO more", "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE")]
    [InlineData("ALTER VIEW orders RENAME TO more", "EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE")]
    [InlineData("ALTER TABLE orders DROP COLUMN nothing", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION")]
    [InlineData("ALTER SCHEMA sales.information_schema SET TAGS ('a' = 'b')", "INSUFFICIENT_PERMISSIONS")]
    public async Task A_change_that_cannot_be_is_refused(string statement, string condition)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Fails(statement, InOrders)).Message.ShouldStartWith($"[{condition}]");
    }

    [Fact]
    public async Task Masks_and_row_filters_are_shown_as_they_are_documented_where_that_is_asked_for()
    {
        await using var bench = await Bench.StartAsync(new() { DocumentedGuardColumns = true });
        await bench.Engineer.Rows("CREATE FUNCTION hide(a STRING, b STRING) RETURNS STRING RETURN CASE WHEN b = 'DE' THEN a END", InOrders);
        await bench.Engineer.Rows("ALTER TABLE orders ALTER COLUMN status SET MASK hide USING COLUMNS (country)", InOrders);
        await bench.Engineer.Rows("ALTER TABLE orders SET ROW FILTER only_region ON (country)", InOrders);
        (await bench.Engineer.Rows("SELECT column_name, mask_catalog, mask_schema, mask_name, mask_col_usage FROM sales.information_schema.column_masks WHERE table_name = 'orders'")).ShouldBe([["status", "sales", "orders", "hide", "country"]]);
        (await bench.Engineer.Rows("SELECT filter_name, filter_col_usage FROM sales.information_schema.row_filters WHERE table_name = 'orders'")).ShouldBe([["only_region", "country"]]);
    }

    [Fact]
    public async Task Masks_and_row_filters_are_kept_and_shown()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("CREATE FUNCTION hide(a STRING, b STRING) RETURNS STRING RETURN CASE WHEN b = 'DE' THEN a END", InOrders);
        await bench.Engineer.Rows("ALTER TABLE orders ALTER COLUMN status SET MASK hide USING COLUMNS (country)", InOrders);
        await bench.Engineer.Rows("ALTER TABLE orders SET ROW FILTER only_region ON (country)", InOrders);
        (await bench.Engineer.Rows("SELECT table_catalog, table_schema, column_name, mask_name, using_columns FROM sales.information_schema.column_masks WHERE table_name = 'orders'")).ShouldBe([["sales", "orders", "status", "sales.orders.hide", "country"]]);
        (await bench.Engineer.Rows("SELECT filter_name, target_columns FROM sales.information_schema.row_filters WHERE table_name = 'orders'")).ShouldBe([["sales.orders.only_region", "country"]]);
        (await bench.Engineer.Rows("DESCRIBE TABLE EXTENDED orders", InOrders)).ShouldContain(row => row[0] == "Row Filter" && row[1] == "sales.orders.only_region ON (country)");
        (await bench.Engineer.Fails("ALTER TABLE orders DROP COLUMN country", InOrders)).Message.ShouldContain("row filter or column mask");
        await bench.Engineer.Rows("ALTER TABLE orders ALTER COLUMN status DROP MASK", InOrders);
        await bench.Engineer.Rows("ALTER TABLE orders DROP ROW FILTER", InOrders);
        (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.orders")).Json.TryGetProperty("row_filter", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task SET_TAG_keeps_what_SET_TAGS_overwrites()
    {
        await using var bench = await Bench.StartAsync();
        foreach (var (single, several) in new[] { ("TABLE orders", "TABLE orders SET TAGS"), ("COLUMN orders.status", "TABLE orders ALTER COLUMN status SET TAGS") })
        {
            await bench.Engineer.Rows($"SET TAG ON {single} review = open", InOrders);
            (await bench.Engineer.Fails($"SET TAG ON {single} review = done", InOrders)).Message.ShouldContain("review already exists");
            await bench.Engineer.Rows($"ALTER {several} ('review' = 'done')", InOrders);
        }
    }

    [Fact]
    public async Task Who_may_change_rows_and_not_read_them_adds_none()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("GRANT MODIFY ON TABLE order_lines TO analysts", InOrders);
        (await bench.Analyst.Fails("INSERT INTO order_lines (order_id) VALUES (1)", InOrders)).Message.ShouldContain("SELECT on Table 'sales.orders.order_lines'");
        await bench.Engineer.Rows("GRANT SELECT ON TABLE order_lines TO analysts", InOrders);
        await bench.Analyst.Rows("INSERT INTO order_lines (order_id) VALUES (1)", InOrders);
    }

    [Fact]
    public async Task A_column_that_is_not_there_may_be_dropped_if_it_exists()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("ALTER TABLE orders DROP COLUMN IF EXISTS nothing", InOrders);
        await bench.Engineer.Rows("ALTER TABLE orders DROP COLUMNS IF EXISTS (nothing, status)", InOrders);
        (await bench.Engineer.Fails("SELECT status FROM orders", InOrders)).Message.ShouldStartWith("[UNRESOLVED_COLUMN");
    }

    [Fact]
    public async Task A_table_is_born_with_its_masks_and_row_filter()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("CREATE TABLE guarded (email STRING MASK mask_email, region STRING) WITH ROW FILTER only_region ON (region)", InOrders);
        var table = (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.guarded")).ShouldSucceed().Json;
        table.GetProperty("columns")[0].GetProperty("mask").GetProperty("function_name").GetString().ShouldBe("sales.orders.mask_email");
        table.GetProperty("row_filter").GetProperty("function_name").GetString().ShouldBe("sales.orders.only_region");
        (await bench.Engineer.Fails("CREATE TABLE more (email STRING MASK nothing)", InOrders)).Message.ShouldStartWith("[ROW_COLUMN_ACCESS.ASSIGNED_COLUMN_MASK_FUNCTION_NOT_FOUND]");
    }

    [Fact]
    public async Task Grants_are_shown_from_the_object_upwards()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("GRANT ALL PRIVILEGES ON SCHEMA orders TO `engineer@acme.example`", InOrders);
        (await bench.Engineer.Rows("SHOW GRANTS ON TABLE orders", InOrders)).Where(row => row[0] != Databricks.Identity.SandboxCast.ServicePrincipal).ShouldBe([
            ["analysts", "SELECT", "TABLE", "sales.orders.orders"],
            ["analysts", "USE SCHEMA", "SCHEMA", "sales.orders"],
            ["engineer@acme.example", "ALL PRIVILEGES", "SCHEMA", "sales.orders"],
            ["analysts", "USE CATALOG", "CATALOG", "sales"],
        ]);
        (await bench.Analyst.Rows("SHOW GRANTS ON TABLE orders", InOrders)).Select(row => row[0]).Distinct().ShouldBe(["analysts"]);
        (await bench.Engineer.Rows("SHOW GRANTS `engineer@acme.example` ON TABLE orders", InOrders)).Length.ShouldBe(1);
        await bench.Engineer.Rows("REVOKE ALL PRIVILEGES ON SCHEMA orders FROM `engineer@acme.example`", InOrders);
        (await bench.Engineer.Rows("SHOW GRANTS `engineer@acme.example` ON TABLE orders", InOrders)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_replaced_table_keeps_its_grants_and_a_renamed_one_everything()
    {
        await using var bench = await Bench.StartAsync();
        var before = (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.orders")).Json.GetProperty("table_id").GetString();
        await bench.Engineer.Rows("ALTER TABLE orders RENAME TO purchases", InOrders);
        (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.purchases")).Json.GetProperty("table_id").GetString().ShouldBe(before);
        (await bench.Analyst.Rows("SELECT count(*) FROM purchases", InOrders)).ShouldBe([["24"]]);
        await bench.Engineer.Rows("CREATE OR REPLACE TABLE purchases (a INT)", InOrders);
        (await bench.Analyst.Rows("SELECT count(*) FROM purchases", InOrders)).ShouldBe([["0"]]);
        (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.purchases")).Json.GetProperty("table_id").GetString().ShouldNotBe(before);
    }
}
