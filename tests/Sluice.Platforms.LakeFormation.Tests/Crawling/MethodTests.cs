using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Crawling;

/// <summary>What is missing for granting is told with every object, whatever else is told of it.</summary>
public sealed class MethodTests
{
    private const string Database = """{"Database":{"CatalogId":"123456789012","Name":"db"}}""";
    private const string EveryTable = """{"Table":{"CatalogId":"123456789012","DatabaseName":"db","TableWildcard":{}}}""";
    private const string Catalog = """{"Catalog":{}}""";

    public static TheoryData<string[], string, string?> OfDatabases => new()
    {
        { [FakeAws.Own(Database, "DESCRIBE")], "named", "named grants only: assigning LF-Tags also needs ALTER, DROP, CREATE_TABLE with the grant option and being an LF-Tag creator" },
        { [FakeAws.Own(Database, "ALL")], "named", "named grants only: assigning LF-Tags also needs being an LF-Tag creator" },
        { [FakeAws.Own(Database, "ALL"), FakeAws.Own(Catalog, "CREATE_LF_TAG")], "tags", null },
        { [FakeAws.Own(Database, "DROP")], "none", "people can't be granted DESCRIBE on the database: this principal lacks it with the grant option" },
    };

    [Theory]
    [MemberData(nameof(OfDatabases))]
    public async Task A_database_tells_what_is_missing_for_more(string[] permissions, string method, string? reason)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions(permissions));

        var (database, _) = await CrawlAsync(aws);

        (database.GrantMethod, database.GovernanceReason).ShouldBe((method, reason));
    }

    [Theory]
    [InlineData("\"Owner\":\"x\"", Governance.Unknown)]
    [InlineData("\"IsRegisteredWithLakeFormation\":false", Governance.Ungoverned)]
    public async Task A_table_tells_what_it_could_not_be_granted_whatever_governs_it(string members, Governance governance)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetTables", $$"""{"TableList":[{{FakeAws.Table("t", members)}}]}""");
        aws.On("ListPermissions", FakeAws.Permissions(FakeAws.Own(Database, "DESCRIBE"), FakeAws.Own(EveryTable, "DESCRIBE")));

        var (_, table) = await CrawlAsync(aws);

        table.Governance.ShouldBe(governance);
        table.GovernanceReason.ShouldNotBeNull().ShouldEndWith("; this principal can't grant access here: it lacks SELECT with the grant option");
    }

    [Fact]
    public async Task A_permission_under_a_condition_proves_nothing_by_silence_and_grants_nothing()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions(
            Conditional(FakeAws.Own(Database, "DESCRIBE")), Conditional(FakeAws.Own(EveryTable, "SELECT", "DESCRIBE", "INSERT", "DELETE"))));

        var (database, table) = await CrawlAsync(aws);

        (database.Governance, database.GrantMethod).ShouldBe((Governance.Unknown, "none"));
        (table.Governance, table.GrantMethod).ShouldBe((Governance.Unknown, "none"));
    }

    [Fact]
    public async Task A_permission_of_iam_allowed_principals_speaks_against_it_under_a_condition_too()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions(
            FakeAws.Own(Database, "DESCRIBE"), FakeAws.Own(EveryTable, "SELECT"), Conditional(FakeAws.Entry("IAM_ALLOWED_PRINCIPALS", Database, "ALL"))));

        (await CrawlAsync(aws)).Table.Governance.ShouldBe(Governance.Ungoverned);
    }

    [Fact]
    public async Task Of_many_hidden_tags_a_few_are_named_and_the_rest_counted()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.Denies("GetLFTag");
        aws.On("ListPermissions", FakeAws.Permissions([.. Enumerable.Range(0, 40).Select(i =>
            FakeAws.Own($$$"""{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"key{{{i:00}}}","TagValues":["x"]}]}}""", "SELECT"))]));

        (await CrawlAsync(aws)).Table.GovernanceReason.ShouldNotBeNull()
            .ShouldStartWith("tags unknown: this principal can't see the LF-Tags key00, key01, key02, key03, key04 and 35 more; grant it DESCRIBE on them");
    }

    private static string Conditional(string entry) => entry.Replace(
        "\"Permissions\":", "\"Condition\":{\"Expression\":\"context.iam.principalTags.hasTag('team')\"},\"Permissions\":", StringComparison.Ordinal);

    private static async Task<(DiscoveredObject Database, DiscoveredObject Table)> CrawlAsync(FakeAws aws)
    {
        await using var session = aws.Open();
        var objects = (await SandboxLake.CrawlAsync(session)).SelectMany(p => p.Objects).ToList();
        return (objects.Single(o => o.Path.Depth == 1), objects.Single(o => o.Path.Depth == 2));
    }
}
