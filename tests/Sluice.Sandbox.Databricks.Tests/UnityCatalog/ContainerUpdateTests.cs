using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.UnityCatalog;

/// <summary>https://docs.databricks.com/api/uc-catalogs/v1/update-catalog.md and …/uc-schemas/v1/update-schema.md.</summary>
public sealed class ContainerUpdateTests
{
    [Theory]
    [InlineData("schemas/sales.lab", "atelier", "sales.atelier")]
    [InlineData("catalogs/sales", "trade", "trade.lab")]
    public async Task What_is_in_a_renamed_container_keeps_its_id_grants_tags_and_guards(string container, string name, string schema)
    {
        await using var bench = await StartAsync();
        var before = (await bench.Admin.Get($"{RestClient.Catalog}/tables/sales.lab.t")).ShouldSucceed().Json;

        var answer = (await bench.Admin.Patch($"{RestClient.Catalog}/{container}", new { new_name = name })).ShouldSucceed().Json;

        answer.GetProperty("name").GetString().ShouldBe(name);
        (await bench.Admin.Get($"{RestClient.Catalog}/tables/sales.lab.t")).Status.ShouldBe(404);
        var after = (await bench.Admin.Get($"{RestClient.Catalog}/tables/{schema}.t")).ShouldSucceed().Json;
        after.GetProperty("table_id").GetString().ShouldBe(before.GetProperty("table_id").GetString());
        (await bench.Analyst.Rows($"SELECT id, n FROM {schema}.t")).ShouldBe([["1", "***"]]);
        (await bench.Admin.Get($"{RestClient.Catalog}/entity-tag-assignments/tables/{schema}.t/tags")).ShouldSucceed().Json.ToString().ShouldContain("kind");
        (await bench.Analyst.Fails($"SELECT * FROM {schema}.v")).Message.ShouldContain("`sales`.`lab`.`t`");
    }

    [Fact]
    public async Task A_name_that_is_taken_or_none_is_refused_and_so_is_whoever_may_not()
    {
        await using var bench = await StartAsync();
        (await bench.Admin.Patch($"{RestClient.Catalog}/schemas/sales.lab", new { new_name = "orders" })).ShouldFail(400, "SCHEMA_ALREADY_EXISTS");
        (await bench.Admin.Patch($"{RestClient.Catalog}/catalogs/sales", new { new_name = "people" })).ShouldFail(400, "CATALOG_ALREADY_EXISTS");
        (await bench.Admin.Patch($"{RestClient.Catalog}/schemas/sales.lab", new { new_name = "a.b" })).ShouldFail(400, "INVALID_PARAMETER_VALUE");
        (await bench.Admin.Patch($"{RestClient.Catalog}/schemas/sales.none", new { new_name = "x" })).ShouldFail(404, "SCHEMA_DOES_NOT_EXIST");
        (await bench.Admin.Patch($"{RestClient.Catalog}/schemas/sales.information_schema", new { new_name = "x" })).ShouldFail(403, "PERMISSION_DENIED");
        (await bench.Analyst.Patch($"{RestClient.Catalog}/schemas/sales.lab", new { new_name = "x" })).ShouldFail(403, "PERMISSION_DENIED");
        bench.Sandbox.Change("GRANT MANAGE, USE SCHEMA ON SCHEMA sales.lab TO `analyst@acme.example`");
        (await bench.Analyst.Patch($"{RestClient.Catalog}/schemas/sales.lab", new { new_name = "x" })).ShouldFail(403, "PERMISSION_DENIED");
        bench.Sandbox.Change("GRANT CREATE SCHEMA ON CATALOG sales TO `analyst@acme.example`");
        (await bench.Analyst.Patch($"{RestClient.Catalog}/schemas/sales.lab", new { new_name = "x" })).ShouldSucceed();
        (await bench.Analyst.Patch($"{RestClient.Catalog}/schemas/sales.x", new { comment = "ours", owner = SandboxCast.Engineer })).ShouldSucceed().Json.GetProperty("owner").GetString().ShouldBe(SandboxCast.Engineer);
    }

    private static async Task<Bench> StartAsync()
    {
        var bench = await Bench.StartAsync();
        bench.Sandbox.Change(
            "CREATE SCHEMA people.guards", "CREATE FUNCTION people.guards.hide(n STRING) RETURNS STRING RETURN '***'", "CREATE FUNCTION people.guards.one(id INT) RETURNS BOOLEAN RETURN id = 1",
            "CREATE SCHEMA sales.lab", "CREATE TABLE sales.lab.t (id INT, n STRING)", "INSERT INTO sales.lab.t VALUES (1, 'a'), (2, 'b')", "CREATE VIEW sales.lab.v AS SELECT id FROM sales.lab.t",
            "ALTER TABLE sales.lab.t ALTER COLUMN n SET MASK people.guards.hide", "ALTER TABLE sales.lab.t SET ROW FILTER people.guards.one ON (id)", "ALTER TABLE sales.lab.t SET TAGS ('kind' = 'list')",
            "GRANT USE CATALOG ON CATALOG sales TO `analyst@acme.example`", "GRANT USE SCHEMA ON SCHEMA sales.lab TO `analyst@acme.example`", "GRANT SELECT ON TABLE sales.lab.t TO `analyst@acme.example`", "GRANT SELECT ON TABLE sales.lab.v TO `analyst@acme.example`");
        return bench;
    }
}
