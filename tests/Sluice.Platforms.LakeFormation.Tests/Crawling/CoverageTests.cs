using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Sandbox.Aws;

namespace Sluice.Platforms.LakeFormation.Tests.Crawling;

/// <summary>When ListPermissions' silence about IAM_ALLOWED_PRINCIPALS proves something, and when an entry of theirs can't be placed.</summary>
public sealed class CoverageTests
{
    private const string Database = """{"Database":{"CatalogId":"123456789012","Name":"db"}}""";
    private const string EveryTable = """{"Table":{"CatalogId":"123456789012","DatabaseName":"db","TableWildcard":{}}}""";
    private const string Catalog = """{"Catalog":{}}""";
    private const string Iam = "IAM_ALLOWED_PRINCIPALS";
    private const string Remedy = "grant it DESCRIBE with the grant option on the database, or make it a data lake administrator";

    private static readonly string Tables = FakeAws.Own(EveryTable, "SELECT", "DESCRIBE", "INSERT", "DELETE");

    public static TheoryData<string[]> Uncovered => new()
    {
        { [Tables] },
        { [Tables, FakeAws.Held(Database, "DESCRIBE")] },
        { [Tables, FakeAws.Own("""{"Database":{"CatalogId":"123456789012","Name":"another"}}""", "ALL")] },
        { [Tables, FakeAws.Own("""{"Database":{"CatalogId":"210987654321","Name":"db"}}""", "ALL")] },
        { [Tables, FakeAws.Own("""{"LFTagPolicy":{"ResourceType":"DATABASE","Expression":[{"TagKey":"tier","TagValues":["silver"]}]}}""", "DESCRIBE")] },
        { [Tables, FakeAws.Own(Catalog, "CREATE_LF_TAG", "CREATE_DATABASE")] },
    };

    [Theory]
    [MemberData(nameof(Uncovered))]
    public async Task Silence_about_a_database_on_which_the_principal_can_grant_nothing_proves_nothing(string[] permissions)
    {
        await using var aws = await TaggedAsync();
        aws.On("ListPermissions", FakeAws.Permissions(permissions));

        var (database, table) = await CrawlAsync(aws);

        (database.Governance, table.Governance).ShouldBe((Governance.Unknown, Governance.Unknown));
        database.GovernanceReason.ShouldNotBeNull().ShouldContain(Remedy);
        table.GovernanceReason.ShouldNotBeNull().ShouldContain(Remedy);
        table.GrantMethod.ShouldBe("named");
    }

    public static TheoryData<string> Covering => new()
    {
        FakeAws.Own(Database, "DESCRIBE"),
        FakeAws.Own(Database, "ALL"),
        FakeAws.Entry("123456789012:IAMPrincipals", Database, "DESCRIBE"),
        FakeAws.Own("""{"LFTagPolicy":{"ResourceType":"DATABASE","Expression":[{"TagKey":"tier","TagValues":["gold"]}]}}""", "DESCRIBE"),
        FakeAws.Own(Catalog, "SUPER_USER"),
    };

    [Theory]
    [MemberData(nameof(Covering))]
    public async Task Any_permission_on_the_database_with_the_grant_option_makes_silence_proof(string covering)
    {
        await using var aws = await TaggedAsync();
        aws.On("ListPermissions", FakeAws.Permissions(Tables, covering));

        var (database, table) = await CrawlAsync(aws);

        (database.Governance, table.Governance).ShouldBe((Governance.Governed, Governance.Governed));
    }

    [Fact]
    public async Task An_administrator_sees_everything_and_so_silence_is_proof()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions());
        aws.On("GetDataLakeSettings", """
            {"DataLakeSettings":{"DataLakeAdmins":[{"DataLakePrincipalIdentifier":"arn:aws:iam::123456789012:user/sluice"}]}}
            """);

        var (database, table) = await CrawlAsync(aws);

        (database.Governance, table.Governance).ShouldBe((Governance.Governed, Governance.Governed));
    }

    [Fact]
    public async Task In_the_sandbox_grants_on_tables_alone_leave_the_database_unknown()
    {
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { ServiceGrants = ServiceGrants.None });
        await lake.GrantAsync(
            $"arn:aws:iam::{lake.Sandbox.AccountId}:user/sluice-service",
            """{"Table":{"DatabaseName":"sales","TableWildcard":{}}}""", """["SELECT","DESCRIBE"]""", """["SELECT","DESCRIBE"]""");

        // AWS doesn't show this to someone who can grant nothing on the database.
        await lake.GrantAsync(Iam, """{"Database":{"Name":"sales"}}""", """["ALL"]""");
        await using var session = lake.OpenWithKey();

        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects["sales"].Governance.ShouldBe(Governance.Unknown);
        objects["sales/orders"].ShouldSatisfyAllConditions(
            t => t.Governance.ShouldBe(Governance.Unknown),
            t => t.GovernanceReason.ShouldNotBeNull().ShouldContain(Remedy),
            t => t.GrantMethod.ShouldBe("named"));
    }

    [Fact]
    public async Task In_the_sandbox_the_documented_method_sees_super_on_a_database_it_may_only_describe()
    {
        await using var lake = await SandboxLake.StartAsync();
        await lake.GrantAsync(Iam, """{"Database":{"Name":"sales"}}""", """["ALL"]""");
        await using var session = lake.OpenWithKey();

        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects["sales"].Governance.ShouldBe(Governance.Ungoverned);
        objects["sales/orders"].Governance.ShouldBe(Governance.Ungoverned);
        objects["finance"].Governance.ShouldBe(Governance.Governed);
    }

    public static TheoryData<string, string, Governance, Governance> Entries => new()
    {
        { """{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"tier","TagValues":["gold","lead"]}]}}""", "SELECT", Governance.Governed, Governance.Unknown },
        { """{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"level","TagValues":["high"]}]}}""", "SELECT", Governance.Governed, Governance.Unknown },
        { """{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"tier","TagValues":["silver"]}]}}""", "SELECT", Governance.Governed, Governance.Governed },
        { """{"LFTagPolicy":{"ResourceType":"DATABASE","Expression":[{"TagKey":"tier","TagValues":["gold"]}]}}""", "DESCRIBE", Governance.Unknown, Governance.Unknown },
        { """{"LFTagPolicy":{"ResourceType":"DATABASE","Expression":[{"TagKey":"tier","TagValues":["silver"]}]}}""", "DESCRIBE", Governance.Governed, Governance.Governed },
        { """{"LFTagPolicy":{"ResourceType":"TABLE","ExpressionName":"saved"}}""", "SELECT", Governance.Unknown, Governance.Unknown },
        { """{"DataCellsFilter":{"TableCatalogId":"123456789012","DatabaseName":"db","TableName":"t","Name":"f"}}""", "SELECT", Governance.Governed, Governance.Unknown },
        { """{"DataCellsFilter":{"TableCatalogId":"123456789012","DatabaseName":"db","TableName":"u","Name":"f"}}""", "SELECT", Governance.Governed, Governance.Governed },
        { """{"DataCellsFilter":{"TableCatalogId":"210987654321","DatabaseName":"db","TableName":"t","Name":"f"}}""", "SELECT", Governance.Governed, Governance.Governed },
        { """{"DataCellsFilter":{"Name":"f"}}""", "SELECT", Governance.Unknown, Governance.Unknown },
        { """{"SomethingNew":{"Name":"x"}}""", "SELECT", Governance.Unknown, Governance.Unknown },
        { """{"Table":{"DatabaseName":"db"}}""", "SELECT", Governance.Unknown, Governance.Unknown },
        { "{}", "SELECT", Governance.Unknown, Governance.Unknown },
        { Catalog, "DESCRIBE", Governance.Unknown, Governance.Unknown },
        { Catalog, "SOMETHING_NEW", Governance.Unknown, Governance.Unknown },
        { Catalog, "ALL", Governance.Ungoverned, Governance.Ungoverned },
        { Catalog, "SUPER_USER", Governance.Ungoverned, Governance.Ungoverned },
        { Catalog, "CREATE_DATABASE", Governance.Governed, Governance.Governed },
        { Catalog, "CREATE_CATALOG", Governance.Governed, Governance.Governed },
        { """{"DataLocation":{"ResourceArn":"arn:aws:s3:::b"}}""", "DATA_LOCATION_ACCESS", Governance.Governed, Governance.Governed },
        { """{"LFTag":{"TagKey":"tier","TagValues":["gold"]}}""", "DESCRIBE", Governance.Governed, Governance.Governed },
        { """{"LFTagExpression":{"Name":"saved"}}""", "DESCRIBE", Governance.Governed, Governance.Governed },
    };

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task What_iam_allowed_principals_may_reach_is_not_proven_to_be_governed(
        string resource, string permission, Governance ofDatabase, Governance ofTable)
    {
        await using var aws = await TaggedAsync();
        aws.On("ListPermissions", FakeAws.Permissions(FakeAws.Own(Database, "DESCRIBE"), Tables, FakeAws.Entry(Iam, resource, permission)));

        var (database, table) = await CrawlAsync(aws);

        (database.Governance, table.Governance).ShouldBe((ofDatabase, ofTable));
        if (ofTable == Governance.Unknown) table.GovernanceReason.ShouldNotBeNull().ShouldContain("IAM_ALLOWED_PRINCIPALS has permissions that may reach");
    }

    // The database and so its table are tier=gold; a column of the table is level=high.
    private static async Task<FakeAws> TaggedAsync()
    {
        var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"tier","TagValues":["gold","silver"]},{"TagKey":"level","TagValues":["high"]}]}""");
        aws.On("SearchDatabasesByLFTags", """{"DatabaseList":[{"Database":{"Name":"db"},"LFTags":[{"TagKey":"tier","TagValues":["gold"]}]}]}""");
        aws.On("SearchTablesByLFTags", """
            {"TableList":[{"Table":{"DatabaseName":"db","Name":"t"},"LFTagOnDatabase":[{"TagKey":"tier","TagValues":["gold"]}],
             "LFTagsOnColumns":[{"Name":"id","LFTags":[{"TagKey":"level","TagValues":["high"]}]}]}]}
            """);
        return aws;
    }

    private static async Task<(DiscoveredObject Database, DiscoveredObject Table)> CrawlAsync(FakeAws aws)
    {
        await using var session = aws.Open();
        var objects = (await SandboxLake.CrawlAsync(session)).SelectMany(p => p.Objects).ToList();
        return (objects.Single(o => o.Path.Depth == 1), objects.Single(o => o.Path.Depth == 2));
    }
}
