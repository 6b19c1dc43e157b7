using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Catalog;

public sealed class CatalogTests
{
    [Fact]
    public async Task The_demo_has_databases_tables_of_every_kind_and_odd_names()
    {
        await using var bench = await Bench.StartAsync(new());
        var databases = (await bench.Service.QueryAsync("SHOW DATABASES")).ShouldSucceed();
        databases.Column("kind").Distinct().ShouldBe(["STANDARD", "APPLICATION", "IMPORTED DATABASE"], ignoreOrder: true);
        databases.Rows.Length.ShouldBeGreaterThanOrEqualTo(7);
        var tables = (await bench.Service.QueryAsync("SHOW OBJECTS IN ACCOUNT")).ShouldSucceed();
        tables.Column("schema_name").Count(schema => schema is not ("INFORMATION_SCHEMA" or "ACCOUNT_USAGE")).ShouldBeGreaterThanOrEqualTo(45);
        tables.Column("name").ShouldContain("Kunden-Übersicht 🚰");
        tables.Column("name").ShouldContain("we\"ird.name");
        foreach (var kind in (string[])["VIEWS", "MATERIALIZED VIEWS", "EXTERNAL TABLES", "EVENT TABLES", "ICEBERG TABLES", "DYNAMIC TABLES", "TAGS"])
        {
            (await bench.Service.QueryAsync($"SHOW {kind} IN ACCOUNT")).ShouldSucceed().Rows.ShouldNotBeEmpty(kind);
        }

        (await bench.Service.QueryAsync("SELECT REGION, ORDERS FROM SALES.ORDERS.ORDERS_BY_REGION ORDER BY 1")).ShouldSucceed().Rows.ShouldBe([["AMER", "1"], ["EMEA", "2"]]);
        (await bench.Service.QueryAsync("SELECT COUNT(*) FROM SALES.CRM.\"Kunden-Übersicht 🚰\"")).ShouldSucceed();
        (await bench.Service.QueryAsync("SELECT TAG_VALUE FROM TABLE(SALES.INFORMATION_SCHEMA.TAG_REFERENCES('SALES.CRM.CUSTOMERS.EMAIL', 'COLUMN')) WHERE TAG_NAME = 'SENSITIVITY'")).Rows.ShouldBe([["pii"]]);
    }

    [Fact]
    public async Task A_generated_catalog_is_the_same_each_time_and_keeps_what_is_changed()
    {
        var options = new SnowflakeSandboxOptions { Catalog = SnowflakeSandboxCatalog.Generated(500, columns: 4, databases: 2, tablesPerSchema: 100) };
        await using var bench = await Bench.StartAsync(options);
        await using var again = await Bench.StartAsync(options);
        const string Query = "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM DB001.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA' ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION";
        var first = (await bench.Service.QueryAsync(Query)).ShouldSucceed();
        var second = (await again.Service.QueryAsync(Query)).ShouldSucceed();
        first.Data.GetProperty("total").GetInt32().ShouldBe(1000);
        first.Rows.ShouldBe(second.Rows);

        bench.Sandbox.Change(
            "ALTER TABLE DB001.S0000.T0000005_INVOICES RENAME TO DB001.S0000.RENAMED", "DROP TABLE DB001.S0000.T0000006_SHIPMENTS", "ALTER TABLE DB001.S0000.T0000002_CUSTOMERS ADD COLUMN EXTRA NUMBER",
            "CREATE TABLE DB001.S0000.A_FIRST (A NUMBER)", "INSERT INTO DB001.S0000.T0000008_PRODUCTS SELECT * FROM DB001.S0000.T0000008_PRODUCTS");
        (await bench.Admin.QueryAsync("SHOW TABLES IN SCHEMA DB001.S0000 LIMIT 9")).Column("name")
            .ShouldBe(["A_FIRST", "RENAMED", "T0000000_ORDERS", "T0000001_PAYMENTS", "T0000002_CUSTOMERS", "T0000003_SESSIONS", "T0000004_EVENTS", "T0000007_TICKETS", "T0000008_PRODUCTS"]);
        (await bench.Admin.QueryAsync("DESCRIBE TABLE DB001.S0000.T0000002_CUSTOMERS")).Column("name").ShouldContain("EXTRA");
        (await bench.Service.QueryAsync("SELECT COUNT(*) FROM DB001.S0000.RENAMED")).ShouldSucceed();
    }

    [Fact]
    public async Task A_hundred_thousand_tables_answer_their_columns_in_chunks()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Generated(100_000, databases: 1) });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var answer = (await bench.Service.QueryAsync("SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM DB000.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA'")).ShouldSucceed();
        answer.Data.GetProperty("total").GetInt32().ShouldBe(1_000_000);
        answer.Data.GetProperty("chunks").GetArrayLength().ShouldBeGreaterThan(10);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(50_000_000);
    }
}
