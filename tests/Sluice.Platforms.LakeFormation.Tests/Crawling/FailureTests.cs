using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Crawling;

/// <summary>What a crawl makes of a failure: one database closed, one object unknown, or an end from which it goes on later.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("FederationSourceException")]
    [InlineData("InvalidInputException")]
    [InlineData("EntityNotFoundException")]
    [InlineData("AccessDeniedException")]
    [InlineData("SomethingNew")]
    public async Task One_database_that_cannot_be_read_is_not_completed_and_the_others_go_on(string code)
    {
        foreach (var broken in (string[])["aa", "zz"])
        {
            await using var aws = await TwoDatabasesAsync(broken, $$"""{"__type":"{{code}}","Message":"The source failed"}""", 400);
            await using var session = aws.Open();

            var pages = await SandboxLake.CrawlAsync(session);

            pages.SelectMany(p => p.Objects).Count(o => o.Path.Depth == 2).ShouldBe(1);
            pages.SelectMany(p => p.Completed).ShouldBe([SandboxLake.Root, SandboxLake.Root.Child(broken == "aa" ? "zz" : "aa")]);
            pages.SelectMany(p => p.Warnings).ShouldBe([$"The tables of {broken} could not be read to their end. AWS: {code}: The source failed"]);
            pages[^1].Cursor.ShouldBeNull();
            pages.SkipLast(1).ShouldAllBe(p => p.Cursor != null);
        }
    }

    [Theory]
    [InlineData("ThrottlingException", 400)]
    [InlineData("InternalServiceException", 500)]
    [InlineData("FederationSourceRetryableException", 400)]
    [InlineData("UnrecognizedClientException", 403)]
    public async Task What_can_pass_or_concerns_all_databases_ends_the_crawl(string code, int status)
    {
        await using var aws = await TwoDatabasesAsync("aa", $$"""{"__type":"{{code}}","Message":"no"}""", status);
        await using var session = aws.Open();

        (await Should.ThrowAsync<PlatformException>(() => SandboxLake.CrawlAsync(session))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_crawl_that_could_read_no_database_fails()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetDatabases", """{"DatabaseList":[{"Name":"aa"},{"Name":"zz"}]}""");
        aws.On("GetTables", """{"__type":"FederationSourceException","Message":"The source failed"}""", 400);
        await using var session = aws.Open();

        (await Should.ThrowAsync<PlatformException>(() => SandboxLake.CrawlAsync(session))).Code.ShouldBe("FederationSourceException");
        (await Should.ThrowAsync<PlatformException>(() => SandboxLake.CrawlAsync(session, new CrawlScope { Container = SandboxLake.Root.Child("db") })))
            .Code.ShouldBe("FederationSourceException", "a database alone is all that was asked for");
    }

    [Theory]
    [InlineData("ThrottlingException", 400)]
    [InlineData("InternalServiceException", 500)]
    public async Task Tags_that_cannot_be_read_just_now_are_no_verdict(string code, int status)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"tier","TagValues":["gold"]}]}""");
        aws.Denies("SearchTablesByLFTags");
        aws.On("GetResourceLFTags", $$"""{"__type":"{{code}}","Message":"busy"}""", status);
        await using var session = aws.Open();

        (await Should.ThrowAsync<PlatformException>(() => SandboxLake.CrawlAsync(session))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_failure_without_a_code_of_aws_that_stays_leaves_the_object_unknown()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"tier","TagValues":["gold"]}]}""");
        aws.Denies("SearchTablesByLFTags");
        aws.On("GetResourceLFTags", "<html>Internal Server Error</html>", 500);
        await using var session = aws.Open();

        var objects = (await SandboxLake.CrawlAsync(session)).SelectMany(p => p.Objects).ToList();

        objects.ShouldAllBe(o => o.Governance == Governance.Unknown);
        objects[0].GovernanceReason.ShouldNotBeNull().ShouldStartWith("tags unknown: GetResourceLFTags answered: The platform answered with the status 500.");
    }

    [Theory]
    [InlineData("InternalServiceException", 500)]
    [InlineData("ThrottlingException", 400)]
    public async Task Settings_that_cannot_be_read_just_now_do_not_make_an_administrator_a_stranger(string code, int status)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions());
        aws.On("GetDataLakeSettings", $$"""{"__type":"{{code}}","Message":"busy"}""", status);
        await using var session = aws.Open();

        (await Should.ThrowAsync<PlatformException>(() => SandboxLake.CrawlAsync(session))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Tags_of_a_resource_of_another_catalog_are_not_those_of_its_namesake()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"tier","TagValues":["gold"]}]}""");
        aws.On("SearchTablesByLFTags", """{"TableList":[{"Table":{"CatalogId":"210987654321","DatabaseName":"db","Name":"t"},"LFTagsOnTable":[{"TagKey":"tier","TagValues":["gold"]}]}]}""");
        aws.On("SearchDatabasesByLFTags", """{"DatabaseList":[{"Database":{"CatalogId":"210987654321","Name":"db"},"LFTags":[{"TagKey":"tier","TagValues":["gold"]}]}]}""");
        await using var session = aws.Open();

        (await SandboxLake.CrawlAsync(session)).SelectMany(p => p.Objects).ShouldAllBe(o => o.Tags.Count == 0);
    }

    private static async Task<FakeAws> TwoDatabasesAsync(string broken, string refusal, int status)
    {
        var aws = await FakeAws.StartAsync();
        aws.On("GetDatabases", """{"DatabaseList":[{"Name":"aa"},{"Name":"zz"}]}""");
        aws.On("GetTables", request => request.GetProperty("DatabaseName").GetString() == broken
            ? new FakeAws.Answer(refusal, status)
            : new FakeAws.Answer($$"""{"TableList":[{{FakeAws.Table("t")}}]}"""));
        return aws;
    }
}
