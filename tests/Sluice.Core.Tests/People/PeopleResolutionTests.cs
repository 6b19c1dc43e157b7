using CsCheck;
using Sluice.Core.People;

namespace Sluice.Core.Tests.People;

public sealed class PeopleResolutionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RegisteredPerson Ada = new(Guid.NewGuid(), "ada", null, true);

    [Fact]
    public void A_person_in_a_group_is_in_every_group_above_it()
    {
        var (inner, middle, outer) = (Group("inner"), Group("middle"), Group("outer"));

        var snapshot = Resolve([inner, middle, outer, Group("other")], [new(inner.Id, Ada.Id), new(middle.Id, inner.Id), new(outer.Id, middle.Id)]);

        snapshot.People.Single().Groups.ShouldBe(["inner", "middle", "outer"], ignoreOrder: true);
        snapshot.KnownGroups.ShouldBe(["inner", "middle", "outer", "other"], ignoreOrder: true);
    }

    [Fact]
    public void A_group_of_a_source_has_its_bare_name_only_while_no_other_is_called_so()
    {
        var okta = Group("Analysts", "okta");
        Resolve([okta], [new(okta.Id, Ada.Id)]).People.Single().Groups.ShouldBe(["okta:Analysts", "Analysts"], ignoreOrder: true);

        foreach (var other in (RegisteredGroup[])[Group("Analysts"), Group("Analysts", "entra")])
        {
            var snapshot = Resolve([okta, other], [new(okta.Id, Ada.Id)]);

            snapshot.People.Single().Groups.ShouldBe(["okta:Analysts"]);
            snapshot.KnownGroups.Contains("Analysts").ShouldBe(other.Source is null, "what is kept here is always meant by its name");
        }
    }

    [Fact]
    public void No_group_of_one_source_can_be_named_like_anothers()
    {
        var forged = Group("okta:Admins", "entra");

        var snapshot = Resolve([forged, Group("Admins", "okta")], [new(forged.Id, Ada.Id)]);

        snapshot.People.Single().Groups.ShouldBe(["entra:okta:Admins"]);
    }

    [Fact]
    public void What_has_expired_is_left_out_and_its_name_stays_known()
    {
        HeldAttribute[] attributes =
        [
            new(Ada.Id, "Region", "EU", null, Now.AddTicks(1)), new(Ada.Id, "Region", "US", null, Now), new(Ada.Id, "Clearance", "PII", null, Now.AddDays(-1)),
            new(Ada.Id, "Team", "Blue", "okta", null),
        ];

        var snapshot = PeopleResolution.Resolve([Ada], [], [], attributes, Now);

        snapshot.People.Single().Attributes.ShouldBe([new("Region", "EU"), new("okta:Team", "Blue"), new("Team", "Blue")], ignoreOrder: true);
        snapshot.KnownAttributes.ShouldBe(["Region", "Clearance", "okta:Team", "Team"], ignoreOrder: true);
    }

    [Fact]
    public void Resolution_is_what_following_every_membership_gives() =>
        Gen.Select(Gen.Int[1, 7], Gen.Select(Gen.Int[0, 6], Gen.Int[0, 7]).Array[0, 20]).Sample((count, edges) =>
        {
            var groups = Enumerable.Range(0, count).Select(i => Group($"g{i}")).ToArray();
            var memberships = edges.Where(e => e.Item1 < count && (e.Item2 == 7 || (e.Item2 < count && e.Item2 < e.Item1)))
                .Select(e => new Membership(groups[e.Item1].Id, e.Item2 == 7 ? Ada.Id : groups[e.Item2].Id)).Distinct().ToArray();

            var expected = new HashSet<Guid>([Ada.Id]);
            for (var round = 0; round <= count; round++) expected.UnionWith(memberships.Where(m => expected.Contains(m.Member)).Select(m => m.Group).ToList());

            Resolve(groups, memberships).People.Single().Groups
                .ShouldBe(groups.Where(g => expected.Contains(g.Id)).Select(g => g.Name), ignoreOrder: true);
        });

    private static RegisteredGroup Group(string name, string? source = null) => new(Guid.NewGuid(), source, name);

    private static PeopleSnapshot Resolve(IReadOnlyList<RegisteredGroup> groups, IReadOnlyList<Membership> memberships) =>
        PeopleResolution.Resolve([Ada], groups, memberships, [], Now);
}
