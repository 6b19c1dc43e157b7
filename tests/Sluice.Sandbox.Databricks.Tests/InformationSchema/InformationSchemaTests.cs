namespace Sluice.Sandbox.Databricks.Tests.InformationSchema;

public sealed class InformationSchemaTests
{
    [Fact]
    public async Task Every_caller_sees_what_they_may_interact_with()
    {
        await using var bench = await Bench.StartAsync();
        const string Tables = "SELECT table_catalog, table_schema, table_name FROM system.information_schema.tables WHERE table_schema <> 'information_schema' ORDER BY 1, 2, 3";
        (await bench.Analyst.Rows(Tables)).ShouldBe([["sales", "orders", "orders"]]);
        (await bench.Service.Rows(Tables)).Length.ShouldBe(46);
        (await bench.Admin.Rows(Tables)).Length.ShouldBe(46 + 4);
    }

    [Fact]
    public async Task Browse_shows_metadata_and_neither_definitions_nor_masks()
    {
        await using var bench = await Bench.StartAsync(new() { ServiceGrants = ServiceGrants.Browse });
        (await bench.Service.Rows("SELECT view_definition FROM sales.information_schema.views WHERE table_name = 'open_orders'")).ShouldBe([[null]]);
        (await bench.Service.Rows("SELECT * FROM sales.information_schema.column_masks")).ShouldBeEmpty();
        (await bench.Engineer.Rows("SELECT column_name FROM sales.information_schema.column_masks")).ShouldBe([["email"]]);
        (await bench.Service.Rows("SELECT count(*) FROM sales.information_schema.tables WHERE table_schema = 'orders'")).ShouldBe([["7"]]);
    }

    [Theory]
    [InlineData(false, """{"table_catalog":"sales","table_schema":"customers","table_name":"customers","column_name":"email","mask_name":"sales.customers.mask_email"}""")]
    [InlineData(true, """{"catalog_name":"sales","schema_name":"customers","table_name":"customers","column_name":"email","mask_catalog":"sales","mask_schema":"customers","mask_name":"mask_email"}""")]
    public async Task A_row_is_read_whatever_columns_it_has(bool isDocumented, string row)
    {
        await using var bench = await Bench.StartAsync(new() { DocumentedGuardColumns = isDocumented });
        (await bench.Engineer.Rows("SELECT to_json(struct(*)) FROM system.information_schema.column_masks")).ShouldBe([[row]]);
        (await bench.Engineer.Rows("SELECT r.column_name FROM (SELECT from_json(to_json(struct(*)), 'column_name STRING, other STRING') AS r FROM system.information_schema.column_masks AS m WHERE column_name = 'email')")).ShouldBe([["email"]]);
        (await bench.Engineer.Fails("SELECT to_json(struct(*)) FROM system.information_schema.column_masks a JOIN system.information_schema.tables b ON true")).Message.ShouldContain("struct(*)");
    }

    [Fact]
    public async Task A_views_text_is_its_owners_and_a_functions_body_its_callers()
    {
        const string View = "SELECT view_definition FROM sales.information_schema.views WHERE table_name = 'open_orders'";
        const string Function = "SELECT routine_definition FROM sales.information_schema.routines WHERE routine_schema = 'orders' AND routine_name = 'net_price'";
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Rows(View)).ShouldBe([["SELECT * FROM orders"]]);
        (await bench.Service.Rows(View)).ShouldBe([[null]]);
        (await bench.Admin.Rows(View)).ShouldBe([[null]]);
        (await bench.Service.Rows(Function)).ShouldBe([["amount * (1 - rate)"]]);

        await using var browsing = await Bench.StartAsync(new() { ServiceGrants = ServiceGrants.Browse });
        (await browsing.Service.Rows(Function)).ShouldBe([[null]]);
    }

    [Fact]
    public async Task A_catalogs_own_schema_is_about_that_catalog()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Rows("SELECT DISTINCT table_catalog FROM `web-analytics`.information_schema.columns")).ShouldBe([["web-analytics"]]);
        (await bench.Analyst.Fails("SELECT * FROM people.information_schema.tables")).Message.ShouldContain("USE CATALOG on Catalog 'people'");
        (await bench.Analyst.Fails("SELECT * FROM sales.information_schema.nothing")).Message.ShouldStartWith("[TABLE_OR_VIEW_NOT_FOUND]");
    }

    [Theory]
    [InlineData("SELECT table_type, data_source_format FROM sales.information_schema.tables WHERE table_name = 'order-archive'", "EXTERNAL|PARQUET")]
    [InlineData("SELECT table_type, is_insertable_into FROM sales.information_schema.tables WHERE table_name = 'daily_revenue'", "MATERIALIZED_VIEW|NO")]
    [InlineData("SELECT full_data_type, data_type, numeric_precision, numeric_scale, ordinal_position FROM sales.information_schema.columns WHERE table_name = 'orders' AND column_name = 'total'", "decimal(12,2)|DECIMAL|12|2|4")]
    [InlineData("SELECT column_name, partition_ordinal_position FROM sales.information_schema.columns WHERE table_name = 'orders' AND partition_ordinal_position IS NOT NULL", "order_date|1")]
    [InlineData("SELECT tag_name, tag_value FROM sales.information_schema.catalog_tags WHERE tag_name = 'governed'", "governed|")]
    [InlineData("SELECT schema_name, tag_value FROM sales.information_schema.schema_tags WHERE tag_name = 'sensitivity'", "customers|confidential")]
    [InlineData("SELECT table_name FROM sales.information_schema.table_tags WHERE tag_value = 'internal'", "orders")]
    [InlineData("SELECT column_name FROM sales.information_schema.column_tags WHERE schema_name = 'products'", "contact_email")]
    [InlineData("SELECT count(*), count(DISTINCT schema_name) FROM sales.information_schema.schemata", "5|5")]
    [InlineData("SELECT metastore_name, cloud FROM system.information_schema.metastores", "acme-metastore|aws")]
    [InlineData("SELECT routine_name, data_type FROM sales.information_schema.routines WHERE routine_name = 'net_price'", "net_price|DOUBLE")]
    [InlineData("SELECT parameter_name FROM sales.information_schema.parameters WHERE specific_name = 'net_price' AND ordinal_position = 1", "rate")]
    [InlineData("SELECT t.table_name, count(*) FROM sales.information_schema.tables t JOIN sales.information_schema.columns c ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE t.table_name = 'stock' GROUP BY 1", "stock|4")]
    [InlineData("SELECT table_name FROM sales.information_schema.tables WHERE table_name = 'stock' OR table_name = 'nothing'", "stock")]
    [InlineData("SELECT grantee, privilege_type, inherited_from FROM sales.information_schema.table_privileges WHERE table_name = 'orders' AND grantee = 'analysts'", "analysts|SELECT|NONE")]
    public async Task The_views_say_what_the_documentation_says(string statement, string expected)
    {
        await using var bench = await Bench.StartAsync();
        string.Join('|', (await bench.Engineer.Rows(statement)).ShouldHaveSingleItem()).ShouldBe(expected);
    }

    [Fact]
    public async Task Privileges_of_others_are_shown_to_owners_and_metastore_admins_alone()
    {
        await using var bench = await Bench.StartAsync();
        const string Grantees = "SELECT DISTINCT grantee FROM sales.information_schema.catalog_privileges ORDER BY 1";
        (await bench.Engineer.Rows(Grantees)).Length.ShouldBe(2);
        (await bench.Admin.Rows(Grantees)).Length.ShouldBe(2);
        // MANAGE alone shows no more than one's own: the documented gap.
        (await bench.Service.Rows(Grantees)).ShouldBe([[Databricks.Identity.SandboxCast.ServicePrincipal]]);
    }

    [Fact]
    public async Task An_alteration_shows_in_last_altered()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { Clock = clock });
        await bench.Engineer.Rows("ALTER TABLE sales.orders.orders SET TAGS ('a' = 'b')");
        (await bench.Engineer.Rows("SELECT last_altered, last_altered_by FROM sales.information_schema.tables WHERE table_name = 'orders'")).ShouldBe([["2026-05-04T12:00:00.000Z", "engineer@acme.example"]]);
    }

    [Fact]
    public async Task Columns_of_many_tables_are_read_in_chunks_without_being_held()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = Databricks.Catalog.DatabricksSandboxCatalog.Generated(10_000) });
        var json = (await bench.Service.Execute("SELECT table_schema, table_name, column_name, data_type FROM lake_0000.information_schema.columns WHERE table_schema LIKE 'schema_%'", new { disposition = "EXTERNAL_LINKS" })).ShouldSucceed().Json;
        json.GetProperty("manifest").GetProperty("total_row_count").GetInt64().ShouldBe(100_000);
        json.GetProperty("manifest").GetProperty("total_chunk_count").GetInt32().ShouldBeGreaterThan(1);
        (await bench.Service.Rows("SELECT count(*) FROM system.information_schema.columns WHERE table_catalog = 'lake_0000' AND table_schema = 'schema_0003' AND table_name = 't0000042_customers'")).ShouldBe([["10"]]);
    }
}
