using Sluice.Platforms.Http;

namespace Sluice.Platforms.Tests.Http;

public sealed class TokenTrailTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4000)]
    public void A_listing_that_goes_in_a_circle_ends_within_two_rounds(int length)
    {
        var trail = new TokenTrail(mostPages: 1_000_000);
        var pages = 0;

        Should.Throw<PlatformException>(() =>
        {
            for (string? token = null; ; pages++) token = trail.Follow(token, $"token {pages % length}");
        }).Message.ShouldContain("the same page again");

        pages.ShouldBeLessThanOrEqualTo(2 * length + 1);
    }

    [Fact]
    public void A_listing_that_is_started_again_may_have_the_same_tokens()
    {
        var trail = new TokenTrail(mostPages: 10);

        trail.Follow(null, "a");
        trail.Follow("a", "b");
        trail.Follow(null, "a");
        trail.Follow("a", "b");

        trail.Pages.ShouldBe(4);
    }
}
