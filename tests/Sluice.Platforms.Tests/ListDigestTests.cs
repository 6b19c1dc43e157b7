namespace Sluice.Platforms.Tests;

public sealed class ListDigestTests
{
    [Fact]
    public void A_list_that_differs_in_an_entry_or_its_borders_has_another_digest()
    {
        var digest = ListDigest.Of(["a", "1", "b", ""]);

        ListDigest.Of(["a", "1", "b", ""]).ShouldBe(digest);
        ListDigest.Of(["a", "2", "b", ""]).ShouldNotBe(digest);
        ListDigest.Of(["ab", "", "", "1"]).ShouldNotBe(digest);
        ListDigest.Of(["a", "1"]).ShouldNotBe(digest);
        ListDigest.Of([]).ShouldBeGreaterThan(0);
    }
}
