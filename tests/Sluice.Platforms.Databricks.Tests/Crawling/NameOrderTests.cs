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
}
