using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What is told of a role of somebody else's.</summary>
public sealed class RoleWaysTests
{
    private const string What = "has SELECT on it";
    private static readonly ObjectPath Orders = new("snow", "SHOP", "S", "ORDERS");
    private static readonly RoleName Analyst = new("ANALYST");

    [Fact]
    public void The_few_whom_it_lets_past_the_policies_are_named()
    {
        var ways = Ways(registered: 51, others: 50);

        ways.PastPolicies(Orders, new HashSet<string> { "P000" }, What).Select(r => (r.Identity, r.Path)).ShouldBe(
            Enumerable.Range(1, 50).Select(i => ($"P{i:D3}", "role ANALYST, which has SELECT on it")));
        ways.OfOthers(Orders, What).Select(r => r.Identity).ShouldBe(Enumerable.Range(0, 50).Select(i => $"X{i:D3}"));
    }

    [Fact]
    public void Of_many_the_role_is_told_with_their_count()
    {
        var ways = Ways(registered: 52, others: 51);

        var way = ways.PastPolicies(Orders, new HashSet<string> { "P000" }, What).ShouldHaveSingleItem();
        (way.Identity, way.Path).ShouldBe(("", "role ANALYST, which has SELECT on it; 51 registered people hold it"));
        var other = ways.OfOthers(Orders, What).ShouldHaveSingleItem();
        (other.Identity, other.Path).ShouldBe(("ANALYST", "role ANALYST, which has SELECT on it; 51 users who are nobody registered hold it"));
    }

    [Fact]
    public void Objects_with_other_readers_have_other_ways()
    {
        var ways = Ways(registered: 2, others: 0);

        ways.PastPolicies(Orders, new HashSet<string> { "P000" }, What).Select(r => r.Identity).ShouldBe(["P001"]);
        ways.PastPolicies(Orders, new HashSet<string> { "P001" }, What).Select(r => r.Identity).ShouldBe(["P000"]);
        ways.PastPolicies(Orders, new HashSet<string> { "P000", "P001" }, What).ShouldBeEmpty();
    }

    private static RoleWays Ways(int registered, int others)
    {
        var people = Enumerable.Range(0, registered).Select(i => $"P{i:D3}").ToList();
        return new RoleWays(Analyst, [.. people.Concat(Enumerable.Range(0, others).Select(i => $"X{i:D3}")).Select(u => KeyValuePair.Create(u, $"{Analyst}"))], people.ToHashSet(StringComparer.Ordinal));
    }
}
