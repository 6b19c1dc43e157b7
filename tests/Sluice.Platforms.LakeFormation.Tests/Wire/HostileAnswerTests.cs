using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Wire;

/// <summary>What an endpoint that is not AWS could answer: refused in words, never by an exception of ours, and never read for ever.</summary>
public sealed class HostileAnswerTests
{
    [Theory]
    [InlineData("1e27")]
    [InlineData("-1e27")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    [InlineData("1e400")]
    [InlineData("\"now\"")]
    [InlineData("{}")]
    public async Task A_time_that_is_none_is_refused(string time)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetDatabases", $$"""{"DatabaseList":[{"Name":"db","CreateTime":{{time}}}]}""");
        await using var session = aws.Open();

        var e = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));

        e.Failure.ShouldBe(PlatformFailure.Refused);
    }

    [Fact]
    public async Task An_answer_that_something_follows_is_refused()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetDatabases", """{"DatabaseList":[]}{"DatabaseList":[{"Name":"db"}]}""");
        await using var session = aws.Open();

        var e = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));

        e.Failure.ShouldBe(PlatformFailure.Refused);
    }

    [Fact]
    public async Task A_listing_that_goes_round_in_circles_ends()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetDatabases", request => new FakeAws.Answer(
            request.GetRawText().Contains("\"one\"", StringComparison.Ordinal) ? """{"DatabaseList":[],"NextToken":"two"}""" : """{"DatabaseList":[],"NextToken":"one"}"""));
        await using var session = aws.Open();

        var e = await Should.ThrowAsync<PlatformException>(() => SandboxLake.CrawlAsync(session));

        e.Failure.ShouldBe(PlatformFailure.Refused);
        aws.Count("GetDatabases").ShouldBe(3);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("GetDatabases", """{"DatabaseList":[],"NextToken":"again"}""")]
    [InlineData("GetTables", """{"TableList":[],"NextToken":"again"}""")]
    [InlineData("ListPermissions", """{"PrincipalResourcePermissions":[],"NextToken":"again"}""")]
    [InlineData("ListLFTags", """{"LFTags":[],"NextToken":"again"}""")]
    [InlineData("SearchTablesByLFTags", """{"TableList":[],"NextToken":"again"}""")]
    [InlineData("SearchDatabasesByLFTags", """{"DatabaseList":[],"NextToken":"again"}""")]
    public async Task A_listing_that_stays_where_it_is_ends(string operation, string page)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"tier","TagValues":["gold"]}]}""");
        aws.On(operation, page);
        await using var session = aws.Open();

        var e = await Should.ThrowAsync<PlatformException>(async () =>
        {
            await foreach (var _ in session.CrawlAsync(new CrawlScope { Container = SandboxLake.Root }, TestContext.Current.CancellationToken))
            {
            }
        });

        e.Failure.ShouldBe(PlatformFailure.Refused);
        e.Message.ShouldContain("the same page again");
        aws.Count(operation).ShouldBe(2);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("GetDatabases", "DatabaseList")]
    [InlineData("GetTables", "TableList")]
    [InlineData("ListPermissions", "PrincipalResourcePermissions")]
    public async Task A_listing_that_always_goes_on_ends(string operation, string list)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.Options = aws.Options with { Limits = new AwsLimits { PagesOfListing = 20 } };
        var pages = 0;
        aws.On(operation, _ => new FakeAws.Answer($$"""{"{{list}}":[],"NextToken":"{{Interlocked.Increment(ref pages)}}"}"""));
        await using var session = aws.Open();

        var e = await Should.ThrowAsync<PlatformException>(async () =>
        {
            await foreach (var _ in session.CrawlAsync(new CrawlScope { Container = SandboxLake.Root }, TestContext.Current.CancellationToken))
            {
            }
        });

        e.Failure.ShouldBe(PlatformFailure.Refused);
        e.Message.ShouldContain("more than 20 pages");
        pages.ShouldBe(20);
    }
}
