using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Crawling;

/// <summary>Governance and grant methods, one answer of AWS changed at a time.</summary>
public sealed class EvidenceTests
{
    private const string Database = """{"Database":{"CatalogId":"123456789012","Name":"db"}}""";
    private const string EveryTable = """{"Table":{"CatalogId":"123456789012","DatabaseName":"db","TableWildcard":{}}}""";
    private const string OneTable = """{"Table":{"CatalogId":"123456789012","DatabaseName":"db","Name":"t"}}""";
    private const string Catalog = """{"Catalog":{}}""";

    private static readonly string[] Four = ["SELECT", "DESCRIBE", "INSERT", "DELETE"];

    // What the documented method gives on each database: by it AWS shows who else has something there.
    private static readonly string Covered = FakeAws.Own(Database, "DESCRIBE");

    [Fact]
    public async Task Positive_evidence_of_everything_is_governed()
    {
        await using var aws = await FakeAws.StartAsync();

        (await TableAsync(aws)).Governance.ShouldBe(Governance.Governed);
    }

    public static TheoryData<string, Governance, string> Registrations => new()
    {
        { "\"IsRegisteredWithLakeFormation\":true", Governance.Governed, "named grants only" },
        { "\"IsRegisteredWithLakeFormation\":false", Governance.Ungoverned, "the table's location is not registered with Lake Formation" },
        { "\"IsRegisteredWithLakeFormation\":null", Governance.Unknown, "IsRegisteredWithLakeFormation is missing" },
        { "\"Owner\":\"x\"", Governance.Unknown, "IsRegisteredWithLakeFormation is missing" },
        { "\"IsRegisteredWithLakeFormation\":false,\"TableType\":\"VIRTUAL_VIEW\"", Governance.Ungoverned, "govern the tables it reads" },
        { "\"IsRegisteredWithLakeFormation\":true,\"TargetTable\":{\"CatalogId\":\"210987654321\",\"DatabaseName\":\"far\",\"Name\":\"away\"}", Governance.Ungoverned, "a resource link to 210987654321/far/away" },
    };

    [Theory]
    [MemberData(nameof(Registrations))]
    public async Task What_the_table_says_of_itself_counts(string members, Governance governance, string reason)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetTables", $$"""{"TableList":[{{FakeAws.Table("t", members)}}]}""");

        var table = await TableAsync(aws);

        table.Governance.ShouldBe(governance);
        table.GovernanceReason.ShouldNotBeNull().ShouldContain(reason);
    }

    [Theory]
    [InlineData(Database, "on the database")]
    [InlineData(OneTable, "on the table")]
    [InlineData(EveryTable, "on the table")]
    [InlineData("""{"TableWithColumns":{"CatalogId":"123456789012","DatabaseName":"db","Name":"t","ColumnWildcard":{}}}""", "on the table")]
    [InlineData("""{"TableWithColumns":{"CatalogId":"123456789012","DatabaseName":"db","Name":"t","ColumnNames":["id"]}}""", "on the table")]
    [InlineData("""{"TableWithColumns":{"CatalogId":"123456789012","DatabaseName":"db","Name":"ALL_TABLES","ColumnWildcard":{}}}""", "on the table")]
    [InlineData(Catalog, "on the database")]
    public async Task Whatever_iam_allowed_principals_has_is_not_governed(string resource, string where)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions(Covered, FakeAws.Own(EveryTable, Four), FakeAws.Entry("IAM_ALLOWED_PRINCIPALS", resource, "ALL")));

        var table = await TableAsync(aws);

        table.Governance.ShouldBe(Governance.Ungoverned);
        table.GovernanceReason.ShouldNotBeNull().ShouldContain($"IAM_ALLOWED_PRINCIPALS has permissions {where}");
    }

    [Theory]
    [InlineData("""{"Table":{"CatalogId":"210987654321","DatabaseName":"db","Name":"t"}}""")]
    [InlineData("""{"Table":{"CatalogId":"123456789012","DatabaseName":"db","Name":"another"}}""")]
    [InlineData("""{"DataLocation":{"ResourceArn":"arn:aws:s3:::b"}}""")]
    public async Task What_iam_allowed_principals_has_elsewhere_is_no_matter(string resource)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions(Covered, FakeAws.Own(EveryTable, Four), FakeAws.Entry("IAM_ALLOWED_PRINCIPALS", resource, "ALL")));

        (await TableAsync(aws)).Governance.ShouldBe(Governance.Governed);
    }

    [Theory]
    [InlineData("IAM_ALLOWED_PRINCIPALS", Governance.Ungoverned)]
    [InlineData("arn:aws:iam::123456789012:role/etl", Governance.Unknown)]
    public async Task Default_permissions_on_new_tables_speak_against_it(string principal, Governance governance)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetDatabases", $$"""
            {"DatabaseList":[{"Name":"db","CreateTableDefaultPermissions":[{"Principal":{"DataLakePrincipalIdentifier":"{{principal}}"},"Permissions":["ALL"]}]}]}
            """);

        (await TableAsync(aws)).Governance.ShouldBe(governance);
    }

    [Theory]
    [InlineData("""[{"Permissions":["ALL"]}]""")]
    [InlineData("""[{"Principal":null,"Permissions":["ALL"]}]""")]
    [InlineData("[{}]")]
    public async Task Default_permissions_of_someone_unnamed_are_not_none(string defaults)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetDatabases", $$"""{"DatabaseList":[{"Name":"db","CreateTableDefaultPermissions":{{defaults}} }]}""");

        (await TableAsync(aws)).Governance.ShouldBe(Governance.Unknown);
    }

    [Fact]
    public async Task Silence_about_a_table_on_which_the_principal_has_nothing_proves_nothing()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions(Covered));

        var table = await TableAsync(aws);

        table.Governance.ShouldBe(Governance.Unknown);
        table.GrantMethod.ShouldBe("none");
        table.GovernanceReason.ShouldNotBeNull().ShouldStartWith("this principal has no grantable permission on the table");
    }

    public static TheoryData<string[], string, string?> Methods => new()
    {
        { [FakeAws.Own(EveryTable, "SELECT", "DESCRIBE", "INSERT", "DELETE", "ALTER", "DROP"), FakeAws.Own(Catalog, "CREATE_LF_TAG")], "tags", null },
        { [FakeAws.Own(EveryTable, "ALL"), FakeAws.Own(Catalog, "CREATE_LF_TAG")], "tags", null },
        { [FakeAws.Own(Catalog, "SUPER_USER")], "tags", null },
        { [FakeAws.Own(OneTable, "ALL")], "named", "named grants only: assigning LF-Tags also needs being an LF-Tag creator" },
        { [FakeAws.Own(OneTable, "SELECT", "DESCRIBE", "INSERT", "DELETE")], "named", "named grants only: assigning LF-Tags also needs ALTER, DROP with the grant option and being an LF-Tag creator" },
        { [FakeAws.Own("""{"TableWithColumns":{"DatabaseName":"db","Name":"t","ColumnWildcard":{}}}""", "SELECT"), FakeAws.Own(OneTable, "DESCRIBE")], "named", "INSERT, DELETE can't be granted here: missing with the grant option; named grants only: assigning LF-Tags also needs INSERT, DELETE, ALTER, DROP with the grant option and being an LF-Tag creator" },
        { [FakeAws.Own("""{"TableWithColumns":{"DatabaseName":"db","Name":"t","ColumnWildcard":{"ExcludedColumnNames":["x"]}}}""", "SELECT"), FakeAws.Own(OneTable, "DESCRIBE")], "none", "this principal can't grant access here: it lacks SELECT with the grant option" },
        { [FakeAws.Own(OneTable, "DESCRIBE")], "none", "this principal can't grant access here: it lacks SELECT with the grant option" },
        { [FakeAws.Entry("123456789012:IAMPrincipals", OneTable, "SELECT", "DESCRIBE", "INSERT", "DELETE")], "named", "named grants only: assigning LF-Tags also needs ALTER, DROP with the grant option and being an LF-Tag creator" },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task The_method_follows_the_grantable_permissions(string[] permissions, string method, string? reason)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions([Covered, .. permissions]));

        var table = await TableAsync(aws);

        (table.Governance, table.GrantMethod, table.GovernanceReason).ShouldBe((Governance.Governed, method, reason));
    }

    [Theory]
    [InlineData("gold", "named")]
    [InlineData("silver", "none")]
    public async Task A_grant_on_an_expression_reaches_what_its_tags_match(string tier, string method)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"tier","TagValues":["gold","silver"]}]}""");
        aws.On("SearchTablesByLFTags", $$$"""
            {"TableList":[{"Table":{"DatabaseName":"db","Name":"t"},"LFTagsOnTable":[{"TagKey":"tier","TagValues":["{{{tier}}}"]}]}]}
            """);
        aws.On("ListPermissions", FakeAws.Permissions(Covered, FakeAws.Own(
            """{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"tier","TagValues":["gold","platinum"]}]}}""", Four)));

        (await TableAsync(aws)).GrantMethod.ShouldBe(method);
    }

    [Fact]
    public async Task A_tag_in_use_that_cannot_be_described_makes_everything_unknown()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetLFTag", """{"__type":"AccessDeniedException","Message":"no"}""", 400);
        aws.On("ListPermissions", FakeAws.Permissions(
            Covered,
            FakeAws.Own(EveryTable, Four),
            FakeAws.Own("""{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"governed","TagValues":["true"]}]}}""", Four)));

        var (pages, table) = await CrawlAsync(aws);

        table.Governance.ShouldBe(Governance.Unknown);
        table.GovernanceReason.ShouldBe("tags unknown: this principal can't see the LF-Tag governed; grant it DESCRIBE on it; named grants only: assigning LF-Tags also needs ALTER, DROP with the grant option and being an LF-Tag creator");
        pages[0].Objects[0].Governance.ShouldBe(Governance.Unknown);
        pages.SelectMany(p => p.Warnings).ShouldHaveSingleItem().ShouldContain("LF-Tag governed");
    }

    [Fact]
    public async Task A_tag_met_on_a_table_but_not_listed_makes_everything_unknown()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"tier","TagValues":["gold"]}]}""");
        aws.On("SearchTablesByLFTags", """
            {"TableList":[{"Table":{"DatabaseName":"other","Name":"x"},"LFTagsOnTable":[{"TagKey":"tier","TagValues":["gold"]},{"TagKey":"secret","TagValues":["1"]}]}]}
            """);

        (await TableAsync(aws)).GovernanceReason.ShouldNotBeNull().ShouldStartWith("tags unknown: this principal can't see the LF-Tag secret");
    }

    [Fact]
    public async Task A_key_in_use_that_no_list_shows_but_can_be_described_is_searched_for()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetLFTag", """{"CatalogId":"123456789012","TagKey":"governed","TagValues":["true"]}""");
        aws.On("SearchTablesByLFTags", """
            {"TableList":[{"Table":{"DatabaseName":"db","Name":"t"},"LFTagOnDatabase":[{"TagKey":"governed","TagValues":["true"]}]}]}
            """);
        aws.On("ListPermissions", FakeAws.Permissions(Covered, FakeAws.Own(
            """{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"governed","TagValues":["true"]}]}}""", Four)));

        var table = await TableAsync(aws);

        table.Governance.ShouldBe(Governance.Governed);
        table.GrantMethod.ShouldBe("named");
        table.Tags.ShouldBe([new ObjectTag(null, "governed", "true", Inherited: true)]);
    }

    [Theory]
    [InlineData(400, """{"__type":"AccessDeniedException","Message":"no"}""", true)]
    [InlineData(404, "", true)]
    [InlineData(404, "<!doctype html><title>404 Not Found</title>", true)]
    [InlineData(400, """{"__type":"UnknownOperationException"}""", true)]
    [InlineData(404, """{"__type":"UnknownOperationException"}""", true)]
    [InlineData(404, """{"__type":"ResourceNotFoundException","Message":"no such route"}""", true)]
    [InlineData(400, """{"__type":"EntityNotFoundException","Message":"tag is gone"}""", false)]
    public async Task Without_searches_each_table_is_asked_but_a_key_that_is_gone_is_no_reason(int status, string body, bool asks)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"tier","TagValues":["gold"]}]}""");
        aws.On("SearchTablesByLFTags", body, status);
        aws.On("GetResourceLFTags", """{"LFTagsOnTable":[{"TagKey":"tier","TagValues":["gold"]}]}""");

        var (pages, table) = await CrawlAsync(aws);

        aws.Count("GetResourceLFTags").ShouldBe(asks ? 2 : 0);
        table.Governance.ShouldBe(asks ? Governance.Governed : Governance.Unknown);
        table.Tags.Count.ShouldBe(asks ? 1 : 0);
        pages.SelectMany(p => p.Warnings).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_table_whose_tags_cannot_be_asked_is_unknown_alone()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"tier","TagValues":["gold"]}]}""");
        aws.Denies("SearchTablesByLFTags");
        aws.On("GetTables", $$"""{"TableList":[{{FakeAws.Table("t")}},{{FakeAws.Table("u")}}]}""");
        aws.On("GetResourceLFTags", request => request.GetRawText().Contains("\"t\"", StringComparison.Ordinal)
            ? new FakeAws.Answer("""{"__type":"AccessDeniedException","Message":"Insufficient permissions"}""", 400)
            : new FakeAws.Answer("{}"));

        var (pages, table) = await CrawlAsync(aws);

        table.Governance.ShouldBe(Governance.Unknown);
        table.GovernanceReason.ShouldBe("tags unknown: GetResourceLFTags answered: AWS: AccessDeniedException: Insufficient permissions; named grants only: assigning LF-Tags also needs ALTER, DROP with the grant option and being an LF-Tag creator");
        pages.SelectMany(p => p.Objects).Single(o => o.Path.Name == "u").Governance.ShouldBe(Governance.Governed);
    }

    [Fact]
    public async Task Values_of_a_key_are_searched_fifty_at_a_time()
    {
        await using var aws = await FakeAws.StartAsync();
        var values = string.Join(',', Enumerable.Range(0, 120).Select(i => $"\"v{i}\""));
        aws.On("ListLFTags", $$"""{"LFTags":[{"TagKey":"tier","TagValues":[{{values}}]}]}""");

        await CrawlAsync(aws);

        aws.Requests.Where(r => r.Operation == "SearchTablesByLFTags")
            .Select(r => System.Text.Json.JsonElement.Parse(r.Body).GetProperty("Expression")[0].GetProperty("TagValues").GetArrayLength())
            .Order().ShouldBe([20, 50, 50]);
    }

    [Fact]
    public async Task Empty_pages_with_a_next_token_are_gone_through()
    {
        await using var aws = await FakeAws.StartAsync();
        foreach (var (operation, list) in ((string, string)[])[("GetDatabases", "DatabaseList"), ("GetTables", "TableList"), ("ListPermissions", "PrincipalResourcePermissions"), ("ListLFTags", "LFTags")])
        {
            var full = operation switch
            {
                "GetDatabases" => """{"DatabaseList":[{"Name":"db"}],"NextToken":""}""",
                "GetTables" => $$"""{"TableList":[{{FakeAws.Table("t")}}],"NextToken":null}""",
                "ListPermissions" => FakeAws.Permissions(Covered, FakeAws.Own(EveryTable, Four)),
                _ => """{"LFTags":[]}""",
            };
            aws.On(operation, request => new FakeAws.Answer(
                request.TryGetProperty("NextToken", out var token) && token.GetString() == "2" ? full : $$"""{"{{list}}":[],"NextToken":"2"}"""));
        }

        (await TableAsync(aws)).Governance.ShouldBe(Governance.Governed);
    }

    [Fact]
    public async Task Names_and_texts_come_through_whatever_they_hold()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetTables", """
            {"TableList":[{"Name":"ta/b \"le\" \u00e9😀","IsRegisteredWithLakeFormation":true,"Description":"a\nb","Parameters":{"x":{"y":[1,{"z":null}]},"table_type":"iceberg"},
             "StorageDescriptor":{"Location":"s3://b","Columns":[{"Name":"ünï","Type":"struct<a:string>","Comment":"\u0041","Parameters":{"k":"v"}},{"Name":"id"}],"SkewedInfo":{"SkewedColumnValues":[]}},
             "PartitionKeys":[{"Name":"dt","Type":"date"}],"ViewOriginalText":"/* SELECT */"}]}
            """);

        var table = await TableAsync(aws);

        table.Path.Name.ShouldBe("ta/b \"le\" é😀");
        table.Kind.ShouldBe(ObjectKind.IcebergTable);
        table.Comment.ShouldBe("a\nb");
        table.NativeId.ShouldBeNull();
        table.Columns.ShouldBe(
        [
            new DiscoveredColumn("ünï", "struct<a:string>", Comment: "A"),
            new DiscoveredColumn("id", ""),
            new DiscoveredColumn("dt", "date", IsPartitionKey: true),
        ]);
    }

    private static async Task<DiscoveredObject> TableAsync(FakeAws aws) => (await CrawlAsync(aws)).Table;

    private static async Task<(List<CrawlPage> Pages, DiscoveredObject Table)> CrawlAsync(FakeAws aws)
    {
        await using var session = aws.Open();
        var pages = await SandboxLake.CrawlAsync(session);
        return (pages, pages.SelectMany(p => p.Objects).First(o => o.Path.Depth == 2));
    }
}
