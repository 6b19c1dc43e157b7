using System.Text.Json;

namespace Sluice.Sandbox.Databricks.Tests.UnityCatalog;

public sealed class ListTests
{
    [Fact]
    public async Task Catalogs_are_those_the_caller_may_use_and_with_browse_those_they_may_see()
    {
        await using var bench = await Bench.StartAsync(new() { ServiceGrants = ServiceGrants.Browse });
        (await bench.Service.Names($"{RestClient.Catalog}/catalogs?max_results=0", "catalogs")).ShouldBe(["workspace"]);
        var browsed = (await bench.Service.All($"{RestClient.Catalog}/catalogs?max_results=0&include_browse=true", "catalogs")).Items;
        browsed.Select(catalog => catalog.GetProperty("name").GetString()).ShouldBe(["__databricks_internal", "crm_postgres", "partner_share", "people", "sales", "web-analytics", "workspace"]);
        browsed.Single(catalog => Name(catalog) == "sales").GetProperty("browse_only").GetBoolean().ShouldBeTrue();
        browsed.Select(catalog => catalog.GetProperty("catalog_type").GetString()).Distinct().ShouldBe(["INTERNAL_CATALOG", "FOREIGN_CATALOG", "DELTASHARING_CATALOG", "MANAGED_CATALOG"]);
        (await bench.Admin.Names($"{RestClient.Catalog}/catalogs?max_results=0", "catalogs")).ShouldContain("system");
    }

    [Fact]
    public async Task What_is_only_browsed_hides_its_definition()
    {
        await using var bench = await Bench.StartAsync(new() { ServiceGrants = ServiceGrants.Browse });
        var path = $"{RestClient.Catalog}/tables/sales.orders.open_orders";
        (await bench.Service.Get(path)).ShouldFail(403, "PERMISSION_DENIED").Message.ShouldBe("User does not have USE CATALOG on Catalog 'sales'.");
        var browsed = (await bench.Service.Get($"{path}?include_browse=true")).ShouldSucceed().Json;
        browsed.TryGetProperty("view_definition", out _).ShouldBeFalse();
        browsed.GetProperty("columns").GetArrayLength().ShouldBe(8);
        (await bench.Engineer.Get(path)).ShouldSucceed().Json.GetProperty("view_definition").GetString().ShouldBe("SELECT * FROM orders");
    }

    [Theory]
    [InlineData("MODIFY")]
    [InlineData("APPLY TAG")]
    public async Task What_may_not_be_read_is_not_listed_and_yet_in_the_information_schema(string privilege)
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows($"GRANT {privilege} ON TABLE sales.orders.order_lines TO analysts");

        (await bench.Analyst.Names($"{RestClient.Catalog}/tables?catalog_name=sales&schema_name=orders&max_results=0", "tables")).ShouldBe(["orders"]);
        (await bench.Analyst.Get($"{RestClient.Catalog}/tables/sales.orders.order_lines")).ShouldFail(403, "PERMISSION_DENIED").Message.ShouldContain("SELECT");
        (await bench.Analyst.All($"{RestClient.Catalog}/table-summaries?catalog_name=sales&schema_name_pattern=orders", "tables")).Items.ShouldHaveSingleItem();
        (await bench.Analyst.Rows("SELECT table_name FROM sales.information_schema.tables WHERE table_schema = 'orders' ORDER BY 1")).ShouldBe([["order_lines"], ["orders"]]);
    }

    [Theory]
    [InlineData("catalogs/nowhere", 404, "CATALOG_DOES_NOT_EXIST", "Catalog 'nowhere' does not exist.")]
    [InlineData("schemas/sales.nothing", 404, "SCHEMA_DOES_NOT_EXIST", "Schema 'sales.nothing' does not exist.")]
    [InlineData("tables/sales.orders.nothing", 404, "TABLE_DOES_NOT_EXIST", "Table 'sales.orders.nothing' does not exist.")]
    [InlineData("tables?catalog_name=nowhere&schema_name=x", 404, "CATALOG_DOES_NOT_EXIST", "Catalog 'nowhere' does not exist.")]
    [InlineData("tables?catalog_name=sales", 400, "INVALID_PARAMETER_VALUE", "schema_name must be set.")]
    [InlineData("catalogs?max_results=-1", 400, "INVALID_PARAMETER_VALUE", "Invalid value for max_results: must not be negative.")]
    [InlineData("catalogs?max_results=x", 400, "INVALID_PARAMETER_VALUE", "Invalid value 'x' for max_results: not an integer.")]
    [InlineData("catalogs?page_token=x", 400, "INVALID_PARAMETER_VALUE", "Invalid page token.")]
    [InlineData("tables/sales.orders", 400, "INVALID_PARAMETER_VALUE", "'sales.orders' is not a valid name of a table.")]
    [InlineData("nothing", 404, "ENDPOINT_NOT_FOUND", "No API found for 'GET /api/2.1/unity-catalog/nothing'")]
    public async Task What_is_not_there_or_not_right_is_told_so(string path, int status, string code, string message)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Admin.Get($"{RestClient.Catalog}/{path}")).ShouldFail(status, code).Message.ShouldBe(message);
    }

    [Fact]
    public async Task An_error_carries_the_details_of_google_rpc()
    {
        await using var bench = await Bench.StartAsync();
        var answer = await bench.Analyst.Get($"{RestClient.Catalog}/tables/people.payroll.salaries");
        var details = answer.ShouldFail(403, "PERMISSION_DENIED").Json.GetProperty("details");
        details[0].GetProperty("@type").GetString().ShouldBe("type.googleapis.com/google.rpc.ErrorInfo");
        details[0].GetProperty("metadata").GetProperty("resourceName").GetString().ShouldBe("people");
        details[1].GetProperty("request_id").GetString().ShouldBe(answer.Headers.GetValues("X-Request-Id").Single());
    }

    [Fact]
    public async Task A_page_is_cut_before_what_the_caller_may_not_see_is_left_out()
    {
        await using var bench = await Bench.StartAsync(new() { LargestTablePage = 2 });
        var (items, pages) = await bench.Analyst.All($"{RestClient.Catalog}/tables?catalog_name=sales&schema_name=orders&max_results=0", "tables");
        items.Select(Name).ShouldBe(["orders"]);
        pages.ShouldBe(4);
        (await bench.Engineer.All($"{RestClient.Catalog}/tables?catalog_name=sales&schema_name=orders", "tables")).ShouldSatisfyAllConditions(all => all.Pages.ShouldBe(1), all => all.Items.Count.ShouldBe(7));
    }

    [Fact]
    public async Task A_generated_catalog_is_listed_page_by_page_whole()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = Databricks.Catalog.DatabricksSandboxCatalog.Generated(2_500, catalogs: 2) });
        List<string?> names = [];
        foreach (var catalog in (await bench.Service.Names($"{RestClient.Catalog}/catalogs?max_results=0", "catalogs")).Where(name => name.StartsWith("lake_", StringComparison.Ordinal)))
        {
            foreach (var schema in await bench.Service.Names($"{RestClient.Catalog}/schemas?catalog_name={catalog}&max_results=0", "schemas"))
            {
                if (schema is "information_schema" or "default") continue;
                names.AddRange((await bench.Service.All($"{RestClient.Catalog}/tables?catalog_name={catalog}&schema_name={schema}&max_results=0&omit_columns=true", "tables")).Items.Select(table => table.GetProperty("full_name").GetString()));
            }
        }

        names.Count.ShouldBe(2_500);
        names.Distinct().Count().ShouldBe(2_500);
    }

    [Fact]
    public async Task A_table_shows_its_columns_masks_and_filter()
    {
        await using var bench = await Bench.StartAsync();
        var table = (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.customers.customers")).ShouldSucceed().Json;
        table.GetProperty("table_type").GetString().ShouldBe("MANAGED");
        table.GetProperty("row_filter").GetProperty("function_name").GetString().ShouldBe("sales.customers.only_region");
        table.GetProperty("row_filter").GetProperty("input_column_names")[0].GetString().ShouldBe("region");
        var email = table.GetProperty("columns").EnumerateArray().Single(column => Name(column) == "email");
        email.GetProperty("mask").GetProperty("function_name").GetString().ShouldBe("sales.customers.mask_email");
        email.GetProperty("position").GetInt32().ShouldBe(4 - 1);
        email.GetProperty("type_json").GetString().ShouldBe("{\"name\":\"email\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}");
        var date = (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.orders")).Json.GetProperty("columns")[7];
        date.GetProperty("partition_index").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Omissions_leave_out_columns_properties_and_users()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change("ALTER TABLE sales.products.prices SET TBLPROPERTIES ('a' = 'b')");
        async Task<JsonElement> First(string omit) => (await bench.Engineer.All($"{RestClient.Catalog}/tables?catalog_name=sales&schema_name=products{omit}", "tables")).Items[0];
        string[] optional = ["columns", "owner", "properties"];
        (await First("")).EnumerateObject().Select(member => member.Name).Intersect(optional).Order(StringComparer.Ordinal).ShouldBe(optional);
        (await First("&omit_columns=true&omit_properties=true&omit_username=true")).EnumerateObject().Select(member => member.Name).ShouldNotContain(name => optional.Contains(name));
    }

    [Fact]
    public async Task Summaries_go_over_a_whole_catalog_by_patterns()
    {
        await using var bench = await Bench.StartAsync();
        var (items, pages) = await bench.Engineer.All($"{RestClient.Catalog}/table-summaries?catalog_name=sales&table_name_pattern=order%25&max_results=2", "tables");
        items.Select(item => item.GetProperty("full_name").GetString()).ShouldBe(["sales.orders.order-archive", "sales.orders.order_events", "sales.orders.order_lines", "sales.orders.orders", "sales.orders.orders_test"]);
        pages.ShouldBeGreaterThan(5);
        items[0].GetProperty("table_type").GetString().ShouldBe("EXTERNAL");
    }

    [Fact]
    public async Task A_table_exists_or_not()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.orders/exists")).Json.GetProperty("table_exists").GetBoolean().ShouldBeTrue();
        (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.nothing/exists")).Json.GetProperty("table_exists").GetBoolean().ShouldBeFalse();
        (await bench.Analyst.Get($"{RestClient.Catalog}/tables/people.payroll.salaries/exists")).ShouldFail(403, "PERMISSION_DENIED");
    }

    [Theory]
    [InlineData("web-analytics.odd-names.quote'd")]
    [InlineData("web-analytics.odd-names.back`tick")]
    [InlineData("web-analytics.odd-names.semi;colon")]
    [InlineData("web-analytics.größen_und_maße.売上")]
    [InlineData("web-analytics.odd-names.emoji_🚰")]
    public async Task Odd_names_are_found_by_their_escaped_path(string name)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Get($"{RestClient.Catalog}/tables/{Uri.EscapeDataString(name)}")).ShouldSucceed().Json.GetProperty("full_name").GetString().ShouldBe(name);
    }

    [Fact]
    public async Task The_metastore_and_the_functions_are_shown()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Analyst.Get($"{RestClient.Catalog}/metastore_summary")).ShouldSucceed().Json.GetProperty("privilege_model_version").GetString().ShouldBe("1.0");
        (await bench.Analyst.Get($"{RestClient.Catalog}/current-metastore-assignment")).ShouldSucceed().Json.GetProperty("metastore_id").GetString().ShouldBe(bench.Sandbox.MetastoreId);
        var functions = (await bench.Engineer.All($"{RestClient.Catalog}/functions?catalog_name=sales&schema_name=orders&max_results=0", "functions")).Items;
        functions.Select(Name).ShouldBe(["mask_email", "net_price", "only_region"]);
        functions[0].GetProperty("input_params").GetProperty("parameters")[0].GetProperty("type_text").GetString().ShouldBe("string");
    }

    private static string? Name(JsonElement item) => item.GetProperty("name").GetString();
}
