using System.Text;
using CsCheck;
using Sluice.Platforms.Databricks.Crawling;

namespace Sluice.Platforms.Databricks.Tests.Crawling;

public sealed class NameOrderTests
{
    private static readonly Gen<string> Names = Gen.OneOf(Gen.Const("a"), Gen.Const("漢"), Gen.Const("\uE000"), Gen.Const("\uFFFD"), Gen.Const("😀"), Gen.Const("_")).List[0, 4]
        .Select(parts => string.Concat(parts));

    [Fact]
    public void Names_are_ordered_as_their_utf8_bytes_are() => Gen.Select(Names, Names).Sample((a, b) =>
        Math.Sign(NameOrder.Instance.Compare(a, b)) == Math.Sign(Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))));

    [Fact]
    public void A_list_that_differs_in_a_name_or_an_id_has_another_digest()
    {
        var digest = NameOrder.Digest([("a", "1"), ("b", null)]);

        NameOrder.Digest([("a", "1"), ("b", null)]).ShouldBe(digest);
        NameOrder.Digest([("a", "2"), ("b", null)]).ShouldNotBe(digest);
        NameOrder.Digest([("ab", null), ("", "1")]).ShouldNotBe(digest);
        NameOrder.Digest([("a", "1")]).ShouldNotBe(digest);
    }
}
