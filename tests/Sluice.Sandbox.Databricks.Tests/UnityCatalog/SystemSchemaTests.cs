using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.UnityCatalog;

public sealed class SystemSchemaTests
{
    [Fact]
    public async Task A_system_schema_is_there_once_it_was_enabled()
    {
        await using var bench = await Bench.StartAsync(new() { SystemSchemas = ["query"] });
        var schemas = $"{RestClient.Catalog}/metastores/{bench.Sandbox.MetastoreId}/systemschemas";
        (await States(bench, schemas)).ShouldBe(["access AVAILABLE", "information_schema MANAGED", "query ENABLE_COMPLETED"]);
        (await bench.Admin.Fails("GRANT SELECT ON TABLE system.access.audit TO analysts")).Message.ShouldStartWith("[TABLE_OR_VIEW_NOT_FOUND]");

        (await bench.Admin.Send(HttpMethod.Put, $"{schemas}/access", new { })).ShouldSucceed();

        (await States(bench, schemas)).ShouldContain("access ENABLE_COMPLETED");
        await bench.Admin.Rows("GRANT SELECT ON TABLE system.access.audit TO analysts");
        (await bench.Admin.Send(HttpMethod.Put, $"{schemas}/system.access", new { })).ShouldFail(409, "SCHEMA_ALREADY_EXISTS");
        (await bench.Admin.Delete($"{schemas}/access")).ShouldSucceed();
        (await States(bench, schemas)).ShouldContain("access AVAILABLE");
        (await bench.Admin.Delete($"{schemas}/access")).ShouldFail(404, "SCHEMA_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task Only_admins_of_account_or_metastore_enable_system_schemas()
    {
        await using var bench = await Bench.StartAsync();
        var schemas = $"{RestClient.Catalog}/metastores/{bench.Sandbox.MetastoreId}/systemschemas";

        (await bench.Engineer.Get(schemas)).ShouldFail(403, "PERMISSION_DENIED");
        (await bench.Engineer.Delete($"{schemas}/access")).ShouldFail(403, "PERMISSION_DENIED");
        (await bench.As(SandboxCast.AccountAdministrator).Get(schemas)).ShouldSucceed();
        (await bench.As(SandboxCast.MetastoreAdministrator).Get(schemas)).ShouldSucceed();
        (await bench.Admin.Get($"{RestClient.Catalog}/metastores/nothing/systemschemas")).ShouldFail(404, "METASTORE_DOES_NOT_EXIST");
        (await bench.Admin.Send(HttpMethod.Put, $"{schemas}/weather", new { })).ShouldFail(404, "SCHEMA_DOES_NOT_EXIST");
    }

    private static async Task<string[]> States(Bench bench, string schemas) =>
        [.. (await bench.Admin.All($"{schemas}?max_results=0", "schemas")).Items.Select(schema => $"{schema.GetProperty("schema").GetString()} {schema.GetProperty("state").GetString()}")];
}
