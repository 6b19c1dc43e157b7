using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Policies;

namespace Sluice.Core.Tests.Access;

public sealed class MaskCompositionTests
{
    private static readonly MaskFunction Null = new MaskFunction.Null();

    public static TheoryData<string, MaskFunction[], MaskFunction?> Cases => new()
    {
        { "none", [], null },
        { "one", [new MaskFunction.Hash()], new MaskFunction.Hash() },
        { "equal ones", [Round(10), Round(10.0m)], Round(10) },
        { "the stricter kind", [Round(10), new MaskFunction.Constant("x"), new MaskFunction.Hash()], new MaskFunction.Constant("x") },
        { "null above all", [new MaskFunction.Constant("x"), Null], Null },
        { "two constants", [new MaskFunction.Constant("x"), new MaskFunction.Constant("y")], Null },
        { "two patterns", [Pattern("a"), Pattern("b")], Null },
        { "the coarser multiple", [Round(30), Round(10)], Round(30) },
        { "no multiple", [Round(15), Round(10)], Null },
        { "a multiple of one and not of the other", [Round(10), Round(15), Round(30)], Null },
        { "months in quarters", [new MaskFunction.RoundTime(TimePrecision.Month), new MaskFunction.RoundTime(TimePrecision.Quarter)], new MaskFunction.RoundTime(TimePrecision.Quarter) },
        { "a number and a time", [Round(10), new MaskFunction.RoundTime(TimePrecision.Day)], Null },
        { "the higher rank", [Custom("f", 1), Custom("g", 2)], Custom("g", 2) },
        { "other functions of one rank", [Custom("f", 1), Custom("g", 1)], Null },
        { "a contradiction below a stricter kind", [Pattern("a"), Pattern("b"), new MaskFunction.Hash()], Null },
        { "a bucket of no size", [Round(0)], Null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_strictest_decides_and_contradictions_are_null(string why, MaskFunction[] masks, MaskFunction? composed) =>
        MaskComposition.Of(masks).ShouldBe(composed, why);

    [Fact]
    public void A_further_mask_never_lowers_the_strictness_and_never_uncovers() => Gen.Select(Worlds.Mask.Array[0, 5], Worlds.Mask).Sample(
        static (masks, more) => Strictness(MaskComposition.Of([.. masks, more])).ShouldBeGreaterThanOrEqualTo(Strictness(MaskComposition.Of(masks))),
        iter: 20_000);

    [Fact]
    public void The_order_means_nothing() => Gen.Select(Worlds.Mask.Array[0, 6], Gen.Int[0, 1_000]).Sample(
        static (masks, seed) =>
        {
            var shuffled = (MaskFunction[])[.. masks];
            new Random(seed).Shuffle(shuffled);
            MaskComposition.Of(shuffled).ShouldBe(MaskComposition.Of(masks));
        },
        iter: 5_000);

    // Said here once more and in another way: kinds far apart, and within one the coarseness or the rank.
    private static decimal Strictness(MaskFunction? mask) => mask switch
    {
        null => -1_000,
        MaskFunction.Custom custom => custom.Rank,
        MaskFunction.RoundNumber round => 1_000 + round.BucketSize,
        MaskFunction.RoundTime round => 1_000 + (int)round.Precision,
        MaskFunction.Regex => 2_000,
        MaskFunction.Hash => 3_000,
        MaskFunction.Constant => 4_000,
        _ => 5_000,
    };

    private static MaskFunction Round(decimal size) => new MaskFunction.RoundNumber(size);

    private static MaskFunction Pattern(string pattern) => new MaskFunction.Regex(pattern, "", false, true);

    private static MaskFunction Custom(string function, int rank) => new MaskFunction.Custom([new("Snowflake", function)], rank);
}
