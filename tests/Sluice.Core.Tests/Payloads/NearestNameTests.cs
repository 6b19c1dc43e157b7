using CsCheck;
using Sluice.Core.Payloads;
using Sluice.Core.Tests.Catalog;

namespace Sluice.Core.Tests.Payloads;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["isActive", "mode", "roleARN", "accountId", "region", "objectSyncEvery"];

    [Theory]
    [InlineData("isactive", "isActive")]
    [InlineData("isActve", "isActive")]
    [InlineData("ROLEARN", "roleARN")]
    [InlineData("roleArn", "roleARN")]
    [InlineData("acountID", "accountId")]
    [InlineData("mod", "mode")]
    [InlineData("objectSyncEvry", "objectSyncEvery")]
    public void A_mistyped_name_finds_the_one_it_was_meant_to_be(string typed, string meant) => NearestName.Of(typed, Known).ShouldBe(meant);

    [Theory]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("mo")]
    [InlineData("isActiveOrWhat")]
    public void A_name_far_from_all_finds_none(string typed) => NearestName.Of(typed, Known).ShouldBeNull();

    [Fact]
    public void A_very_long_name_is_not_compared() => NearestName.Of(new string('a', 65), [new string('a', 64)]).ShouldBeNull();

    [Fact]
    public void It_agrees_with_a_naive_search()
    {
        var text = Gen.OneOf(Gen.String[Gen.OneOf('a', 'b', 'A', 'c'), 0, 7], Names.AnyText);
        Gen.Select(text, text.Array[0, 4]).Sample(
            (typed, known) =>
            {
                var near = typed.Length > 64
                    ? []
                    : known.Select(name => (name, Distance: Distance(typed.ToUpperInvariant(), name.ToUpperInvariant())))
                        .Where(k => k.Distance <= Math.Max(1, k.name.Length / 3))
                        .OrderBy(k => k.Distance).ThenBy(k => k.name, StringComparer.Ordinal).ToList();
                NearestName.Of(typed, known).ShouldBe(near.Count == 0 ? null : near[0].name);
            },
            iter: 3_000);

        static int Distance(string a, string b)
        {
            var table = new int[a.Length + 1, b.Length + 1];
            for (var i = 0; i <= a.Length; i++)
            {
                for (var j = 0; j <= b.Length; j++)
                {
                    table[i, j] = i == 0 || j == 0
                        ? i + j
                        : new[] { table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1) }.Min();
                }
            }

            return table[a.Length, b.Length];
        }
    }
}
