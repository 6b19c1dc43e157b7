using Sluice.Core.Connections;
using Sluice.Core.Tests.Payloads;

namespace Sluice.Core.Tests.Connections;

public sealed class CrawlOptionsReaderTests
{
    [Theory]
    [InlineData("{\"forceRecursiveCrawl\": true}", null, true)]
    [InlineData("{\"forceRecursiveCrawl\": false}", null, false)]
    [InlineData("{}", null, true)]
    [InlineData("{\"forceRecursiveCrawl\": null}", null, true)]
    [InlineData("{}", false, false)]
    [InlineData("{}", true, true)]
    [InlineData("{\"forceRecursiveCrawl\": true}", false, true)]
    [InlineData("{\"forceRecursiveCrawl\": false}", true, false)]
    public void A_crawl_is_recursive_unless_the_payload_or_what_is_stored_says_otherwise(string json, bool? stored, bool expected)
    {
        var options = Body.Of(json);
        CrawlOptionsReader.Read(options, stored is { } force ? new CrawlOptions(force) : null).ForceRecursiveCrawl.ShouldBe(expected);
        options.Problems.Told().ShouldBeEmpty();
    }

    [Fact]
    public void A_payload_without_options_has_the_default_or_what_is_stored()
    {
        CrawlOptionsReader.Read(null).ShouldBe(new CrawlOptions(ForceRecursiveCrawl: true));
        CrawlOptionsReader.Read(null, new CrawlOptions(false)).ShouldBe(new CrawlOptions(false));
    }

    [Fact]
    public void Every_problem_is_told()
    {
        var options = Body.Of("""{"forceRecursiveCrawl": "yes", "forceRecursivCrawl": true, "depth": 3}""");
        CrawlOptionsReader.Read(options);
        options.Problems.Told().ShouldBe(
        [
            "$.forceRecursiveCrawl must be true or false, not a string",
            "$.forceRecursivCrawl is not a known member; did you mean 'forceRecursiveCrawl'?",
            "$.depth is not a known member",
        ]);
    }
}
