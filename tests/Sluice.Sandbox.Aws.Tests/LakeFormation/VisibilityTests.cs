using System.Text.Json;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Sandbox.Aws.Tests.LakeFormation;

public sealed class VisibilityTests
{
    private const string Analyst = "arn:aws:iam::123456789012:user/analyst";

    private static readonly object Emails = new { TableWithColumns = new { DatabaseName = "sales", Name = "customers", ColumnNames = new[] { "email", "segment" } } };

    [Fact]
    public async Task An_administrator_sees_everything()
    {
        await using var bench = await Bench.StartAsync();
        (await Databases(bench.Admin)).Count.ShouldBe(7);
        (await Tables(bench.Admin, "legacy_lake")).Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_named_grant_shows_the_table_and_its_database_and_nothing_else()
    {
        await using var bench = await Bench.StartAsync();
        using var analyst = bench.As(SandboxCast.Analyst);
        // The first table of the first database is the analyst's; legacy_lake is everyone's.
        (await Databases(analyst)).ShouldBe(["crm_replica", "legacy_lake"]);
        (await Tables(analyst, "crm_replica")).ShouldBe(["activities"]);
        (await analyst.Glue("GetTable", new { DatabaseName = "crm_replica", Name = "leads" })).ShouldFail("AccessDeniedException")
            .Message.ShouldBe("Insufficient Lake Formation permission(s): Required Describe on leads");
        (await analyst.Glue("GetDatabase", new { Name = "hr" })).ShouldFail("AccessDeniedException");
        (await Tables(analyst, "hr")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_missing_in_a_hidden_database_is_said_to_be_forbidden()
    {
        await using var bench = await Bench.StartAsync();
        using var analyst = bench.As(SandboxCast.Analyst);
        (await analyst.Glue("GetTable", new { DatabaseName = "hr", Name = "nothing" })).ShouldFail("AccessDeniedException");
        (await analyst.Glue("GetTable", new { DatabaseName = "crm_replica", Name = "nothing" })).ShouldFail("EntityNotFoundException");
    }

    [Fact]
    public async Task A_grant_on_columns_shows_only_those()
    {
        await using var bench = await Bench.StartAsync();
        (await Grant(bench.Admin, Emails, "SELECT")).ShouldSucceed();
        using var analyst = bench.As(SandboxCast.Analyst);
        (await Columns(analyst, "sales", "customers")).ShouldBe(["email", "segment"]);
    }

    [Fact]
    public async Task A_grant_on_all_but_some_columns_shows_the_others()
    {
        await using var bench = await Bench.StartAsync();
        var resource = new { TableWithColumns = new { DatabaseName = "sales", Name = "partners", ColumnWildcard = new { ExcludedColumnNames = new[] { "contact_email", "tier" } } } };
        (await Grant(bench.Admin, resource, "SELECT")).ShouldSucceed();
        using var analyst = bench.As(SandboxCast.Analyst);
        (await Columns(analyst, "sales", "partners")).ShouldBe(["partner_id", "name", "country_code", "discount_percent", "contract_until"]);
    }

    [Fact]
    public async Task A_tag_expression_that_fails_on_some_columns_hides_them()
    {
        await using var bench = await Bench.StartAsync();
        var policy = Policy("TABLE", ("domain", ["sales"]), ("sensitivity", ["confidential", "public"]));
        (await Grant(bench.Admin, policy, "SELECT", "INSERT")).ShouldSucceed();
        using var analyst = bench.As(SandboxCast.Analyst);
        var columns = await Columns(analyst, "sales", "customers");
        columns.ShouldNotContain("email");
        columns.ShouldContain("customer_id");
        columns.ShouldContain("segment");
    }

    [Fact]
    public async Task A_tag_expression_met_only_by_columns_shows_just_those()
    {
        await using var bench = await Bench.StartAsync();
        (await Grant(bench.Admin, Policy("TABLE", ("domain", ["sales"]), ("sensitivity", ["pii"])), "SELECT")).ShouldSucceed();
        using var analyst = bench.As(SandboxCast.Analyst);
        (await Columns(analyst, "sales", "customers")).ShouldBe(["contact_name", "email", "phone", "vat_number"]);
        (await Tables(analyst, "sales")).ShouldNotContain("orders");
    }

    [Fact]
    public async Task A_changed_tag_moves_a_table_out_of_sight()
    {
        await using var bench = await Bench.StartAsync();
        (await Grant(bench.Admin, Policy("TABLE", ("region", ["apac"])), "SELECT")).ShouldSucceed();
        using var analyst = bench.As(SandboxCast.Analyst);
        (await Tables(analyst, "operations")).ShouldBe(["shipments_apac"]);
        (await bench.Admin.Lake("AddLFTagsToResource", new
        {
            Resource = new { Table = new { DatabaseName = "operations", Name = "shipments_apac" } },
            LFTags = new[] { new { TagKey = "region", TagValues = new[] { "emea" } } },
        })).ShouldSucceed();
        (await Tables(analyst, "operations")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Iam_allowed_principals_open_a_table_to_whoever_iam_lets_in()
    {
        await using var bench = await Bench.StartAsync();
        (await Tables(bench.Service, "legacy_lake")).Count.ShouldBe(10);
        var resource = new { Table = new { DatabaseName = "legacy_lake", Name = "access_logs" } };
        (await bench.Admin.Lake("RevokePermissions", new { Principal = new { DataLakePrincipalIdentifier = "IAM_ALLOWED_PRINCIPALS" }, Resource = resource, Permissions = new[] { "ALL" } })).ShouldSucceed();
        (await Tables(bench.Service, "legacy_lake")).ShouldNotContain("access_logs");
    }

    [Theory]
    [InlineData(ServiceGrants.None, 1, 0)]
    [InlineData(ServiceGrants.DescribeOnly, 7, 4)]
    [InlineData(ServiceGrants.LFTag, 7, 4)]
    [InlineData(ServiceGrants.Super, 7, 4)]
    public async Task The_service_principal_sees_what_its_grants_open(ServiceGrants grants, int databases, int tags)
    {
        await using var bench = await Bench.StartAsync(new() { ServiceGrants = grants });
        (await Databases(bench.Service)).Count.ShouldBe(databases);
        (await bench.Service.Lake("ListLFTags", new { })).ShouldSucceed().Json.GetProperty("LFTags").GetArrayLength().ShouldBe(tags);
    }

    internal static object Policy(string type, params (string Key, string[] Values)[] conditions) => new
    {
        LFTagPolicy = new { ResourceType = type, Expression = conditions.Select(condition => new { TagKey = condition.Key, TagValues = condition.Values }) },
    };

    private static Task<Answer> Grant(SigningClient client, object resource, params string[] permissions) => client.Lake("GrantPermissions", new
    {
        Principal = new { DataLakePrincipalIdentifier = Analyst },
        Resource = resource,
        Permissions = permissions,
    });

    private static async Task<List<string>> Databases(SigningClient client) =>
        Names((await client.Glue("GetDatabases", new { })).ShouldSucceed().Json.GetProperty("DatabaseList"));

    private static async Task<List<string>> Tables(SigningClient client, string database) =>
        Names((await client.Glue("GetTables", new { DatabaseName = database })).ShouldSucceed().Json.GetProperty("TableList"));

    private static async Task<List<string>> Columns(SigningClient client, string database, string table)
    {
        var json = (await client.Glue("GetTable", new { DatabaseName = database, Name = table })).ShouldSucceed().Json.GetProperty("Table");
        return Names(json.GetProperty("StorageDescriptor").GetProperty("Columns"));
    }

    private static List<string> Names(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetProperty("Name").GetString()!)];
}
