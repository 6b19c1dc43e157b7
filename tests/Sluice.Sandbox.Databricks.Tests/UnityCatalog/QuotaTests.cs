using System.Text.Json;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.UnityCatalog;

/// <summary>https://docs.databricks.com/aws/en/data-governance/unity-catalog/resource-quotas.</summary>
public sealed class QuotaTests
{
    private const string Quotas = $"{RestClient.Catalog}/resource-quotas";

    [Fact]
    public async Task A_quota_counts_what_is_there()
    {
        await using var bench = await Bench.StartAsync();
        var account = bench.As(SandboxCast.AccountAdministrator);
        var before = await Quota(account, "schema/sales.products/table-quota");
        before.GetProperty("parent_securable_type").GetString().ShouldBe("SCHEMA");
        before.GetProperty("parent_full_name").GetString().ShouldBe("sales.products");
        before.GetProperty("quota_name").GetString().ShouldBe("table-quota");
        before.GetProperty("quota_limit").GetInt32().ShouldBe(10_000);
        before.GetProperty("last_refreshed_at").GetInt64().ShouldBeInRange(1_500_000_000, 9_999_999_999);

        await bench.Engineer.Rows("CREATE TABLE sales.products.one (a INT)");
        Count(await Quota(account, "schema/sales.products/table-quota")).ShouldBe(Count(before) + 1);
        await bench.Engineer.Rows("DROP TABLE sales.products.one");
        Count(await Quota(account, "SCHEMA/sales.products/table-quota")).ShouldBe(Count(before));
        var catalogs = await Quota(account, $"METASTORE/{bench.Sandbox.MetastoreId}/catalogs-quota");
        Count(catalogs).ShouldBe((await bench.Admin.Names($"{RestClient.Catalog}/catalogs?include_browse=true&max_results=0", "catalogs")).Count(name => name != "system"));
        catalogs.GetProperty("quota_limit").GetInt32().ShouldBe(1000);
    }

    [Fact]
    public async Task All_quotas_come_in_pages()
    {
        await using var bench = await Bench.StartAsync();
        var (all, pages) = await bench.Admin.All($"{Quotas}/all-resource-quotas?max_results=2", "quotas");
        pages.ShouldBe((all.Count + 1) / 2);
        var names = all.Select(quota => $"{quota.GetProperty("parent_securable_type").GetString()} {quota.GetProperty("parent_full_name").GetString()} {quota.GetProperty("quota_name").GetString()}").ToArray();
        names.ShouldBeUnique();
        names.ShouldContain("CATALOG sales schema-quota");
        names.ShouldContain($"METASTORE {bench.Sandbox.MetastoreId} table-quota");
        foreach (var quota in all) JsonSerializer.Serialize(await Quota(bench.Admin, $"{quota.GetProperty("parent_securable_type").GetString()}/{quota.GetProperty("parent_full_name").GetString()}/{quota.GetProperty("quota_name").GetString()}")).ShouldContain($"\"quota_count\":{Count(quota)},");
    }

    [Fact]
    public async Task Only_account_admins_read_quotas()
    {
        await using var bench = await Bench.StartAsync();
        foreach (var other in new[] { bench.Engineer, bench.As(SandboxCast.WorkspaceAdministrator), bench.As(SandboxCast.MetastoreAdministrator) })
        {
            (await other.Get($"{Quotas}/all-resource-quotas")).ShouldFail(403, "PERMISSION_DENIED");
            (await other.Get($"{Quotas}/schema/sales.products/table-quota")).ShouldFail(403, "PERMISSION_DENIED");
        }

        (await bench.Admin.Get($"{Quotas}/schema/sales.nothing/table-quota")).ShouldFail(404, "SCHEMA_DOES_NOT_EXIST");
        (await bench.Admin.Get($"{Quotas}/schema/sales.products/dream-quota")).ShouldFail(404, "RESOURCE_DOES_NOT_EXIST");
    }

    [Theory]
    [InlineData("CREATE TABLE sales.products.one (a INT)", "Table")]
    [InlineData("CREATE VIEW sales.products.one AS SELECT 1 AS a", "Table")]
    [InlineData("CREATE FUNCTION sales.products.one() RETURNS INT RETURN 1", "Function")]
    [InlineData("CREATE SCHEMA sales.one", "Schema")]
    [InlineData("CREATE CATALOG one", "Catalog")]
    public async Task What_would_go_beyond_a_quota_is_not_made(string statement, string kind)
    {
        await using var bench = await Bench.StartAsync(new() { Quotas = LimitsOf(kind) });
        var (message, _, _) = await (kind == "Catalog" ? bench.Admin : bench.Engineer).Fails(statement);
        message.ShouldStartWith("[QUOTA_EXCEEDED.UC_RESOURCE_QUOTA_EXCEEDED]");
        message.ShouldContain("estimated count: ");
    }

    private static SandboxQuotas LimitsOf(string kind) => kind switch
    {
        "Table" => new() { TablesOfSchema = 1 },
        "Function" => new() { Functions = 0 },
        "Schema" => new() { Schemas = 1 },
        _ => new() { Catalogs = 1 },
    };

    private static int Count(JsonElement quota) => quota.GetProperty("quota_count").GetInt32();

    private static async Task<JsonElement> Quota(RestClient client, string path) => (await client.Get($"{Quotas}/{path}")).ShouldSucceed().Json.GetProperty("quota_info");
}
