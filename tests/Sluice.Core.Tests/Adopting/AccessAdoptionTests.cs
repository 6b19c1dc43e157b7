using System.Text;
using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Adopting;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using Sluice.Core.Tests.Access;

namespace Sluice.Core.Tests.Adopting;

public sealed class AccessAdoptionTests
{
    private static readonly ObjectPath[] Objects = [.. Enumerable.Range(0, 4).Select(i => new ObjectPath("pg", "shop", "public", $"t{i}"))];

    private static readonly Gen<(PeopleSnapshot People, IReadOnlyList<IdentityHolders> Identities, IReadOnlyList<HeldAccess> Held)> World =
        from people in Worlds.People
        from holders in Gen.Int[0, 11].Array[1, 2].Array[0, 10]
        from held in Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 9]).Array[0, 30]
        select Made(people, holders, held);

    [Fact]
    public void Under_the_drafts_everybody_registered_keeps_exactly_what_they_held() => World.Sample(world =>
    {
        var adoption = AccessAdoption.Of("pg", world.Held, world.Identities, world.People);

        var left = adoption.LeftOvers.Select(l => (l.Object, l.Identity!, Access: l.Text.StartsWith("READ", StringComparison.Ordinal) ? AccessKind.Read : AccessKind.Write)).ToHashSet();
        left.ShouldBeSubsetOf(world.Held.Select(h => (h.Object, h.Identity, h.Access)), "nothing is left out that nobody held");
        foreach (var (table, identity, access) in from table in Objects from identity in world.Identities from access in Enum.GetValues<AccessKind>() select (table, identity, access))
        {
            var isHeld = world.Held.Contains(new HeldAccess(table, access, identity.Name));
            Allowed(world.People, adoption, table, identity, access).ShouldBe(isHeld && !left.Contains((table, identity.Name, access)), $"{identity.Name} {access} {table}");
        }
    });

    [Fact]
    public void What_nobody_shares_is_all_taken_over() => World.Sample(world =>
    {
        var alone = world.Identities.Where(i => i.Holders.Count == 1 && i.Holders[0].IsEnabled).DistinctBy(i => i.Holders[0].Id).ToList();
        AccessAdoption.Of("pg", world.Held.Where(h => alone.Exists(i => i.Name == h.Identity)), alone, world.People).LeftOvers.ShouldBeEmpty();
    });

    [Fact]
    public void Every_draft_is_a_document_that_reads_back_as_itself_and_is_staged() => World.Sample(world =>
    {
        var drafts = AccessAdoption.Of("a connection", world.Held, world.Identities, world.People).Policies;
        if (drafts.Count == 0) return;
        var problems = new PolicyProblems();
        var text = PolicyJson.Write(new DocumentNode.Sequence([.. drafts.Select(PolicyWriter.Write)]));

        PolicyReader.ReadAll(PolicyJson.Read(Encoding.UTF8.GetBytes(text), problems), problems).ShouldBe(drafts);
        problems.ShouldBeEmpty();
        drafts.ShouldAllBe(d => d.IsStaged);
    });

    [Fact]
    public void A_group_that_holds_it_as_one_is_a_rule_and_others_are_subscribed_by_hand()
    {
        var (ada, eve, mallory) = (Person("ada", "Analysts"), Person("eve", "Analysts"), Person("mallory"));
        var people = new PeopleSnapshot([ada, eve, mallory], new HashSet<string> { "Analysts" }, new HashSet<string>());
        IdentityHolders[] identities = [new("ada", [ada]), new("eve", [eve]), new("mallory", [mallory])];

        var adoption = AccessAdoption.Of(
            "pg",
            [
                Read(0, "ada"), Read(0, "eve"), Read(1, "eve"), Read(1, "ada"), Read(2, "mallory"), Read(2, "ada"), new(Objects[2], AccessKind.Write, "ada"),
            ],
            identities, people);

        var rule = adoption.Policies.OfType<SubscriptionPolicy>().Single(p => p.Kind == SubscriptionKind.Entitlements);
        rule.Entitlements.ShouldBe(new Entitlements(SetOperator.All, ["Analysts"], []));
        rule.Circumstances.ShouldBe([new Circumstance.AtOrBelow(Objects[0]), new Circumstance.AtOrBelow(Objects[1])], "the same people are one policy");
        adoption.Subscriptions.Select(s => $"{s.Access} {string.Join(' ', s.Usernames)} {s.Objects.Single().Name}").ShouldBe(["Read ada mallory t2", "Write ada t2"], ignoreOrder: true);
        adoption.LeftOvers.ShouldBeEmpty();
    }

    [Fact]
    public void What_only_one_of_two_identities_has_is_left_out_and_told()
    {
        var ada = Person("ada");
        var adoption = AccessAdoption.Of(
            "pg", [Read(0, "ada_job")], [new("ada", [ada]), new("ada_job", [ada])], new PeopleSnapshot([ada], new HashSet<string>(), new HashSet<string>()));

        adoption.Policies.ShouldBeEmpty();
        adoption.LeftOvers.ShouldHaveSingleItem().Why.ShouldContain("ada uses ada too");
    }

    private static bool Allowed(PeopleSnapshot people, Adoption adoption, ObjectPath on, IdentityHolders identity, AccessKind access)
    {
        var compiled = new AccessCompiler(adoption.Policies.Select(p => p with { IsStaged = false }))
            .Compile(new GovernedObject { Path = on, Kind = ObjectKind.Table, Tags = [], Columns = [] });
        var index = new AudienceIndex(people);
        var (rule, whole) = access == AccessKind.Read ? (compiled.Read, compiled.ReadBySubscription) : (compiled.Write, compiled.WriteBySubscription);
        var given = adoption.Subscriptions.Where(s => s.Access == access && s.Objects.Contains(on)).SelectMany(s => s.Usernames).ToHashSet(StringComparer.Ordinal);
        return identity.Holders.Count > 0 && identity.Holders.All(h => index.Of(rule).Contains(h.Id)
            || (whole is not null && given.Contains(h.Username) && index.Holds(whole, h.Id, new Subscriptions(IsManual: true, IsApproved: false))));
    }

    private static (PeopleSnapshot People, IReadOnlyList<IdentityHolders> Identities, IReadOnlyList<HeldAccess> Held) Made(
        PeopleSnapshot people, int[][] holders, (int Object, bool IsWrite, int Identity)[] held)
    {
        var identities = holders.Select((h, i) => new IdentityHolders($"i{i}", [.. h.Where(p => p < people.People.Count).Distinct().Select(p => people.People[p])])).ToList();
        return (
            people, identities,
            [.. held.Where(h => h.Identity < identities.Count).Select(h => new HeldAccess(Objects[h.Object], h.IsWrite ? AccessKind.Write : AccessKind.Read, $"i{h.Identity}")).Distinct()]);
    }

    private static HeldAccess Read(int on, string identity) => new(Objects[on], AccessKind.Read, identity);

    private static Person Person(string name, params string[] groups) => new()
    {
        Id = name, Username = name, Groups = groups.ToHashSet(StringComparer.Ordinal), Attributes = new HashSet<PersonAttribute>(),
    };
}
