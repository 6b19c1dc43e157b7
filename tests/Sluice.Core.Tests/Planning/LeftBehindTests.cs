using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;

namespace Sluice.Core.Tests.Planning;

/// <summary>What mode create-only holds back, because what stays of Sluice's own would meet it.</summary>
public sealed class LeftBehindTests
{
    private static readonly ObjectPath Old = new("c", "d", "s", "old"), New = new("c", "d", "s", "new");

    private static readonly ObservedFact AnnInA = Ours(Member("A", "ann")), OldToA = Ours(Grant(Old, "A"));
    private static readonly DesiredFact BobJoinsA = Asked(Member("A", "bob")), NewToA = Asked(Grant(New, "A"));

    [Fact]
    public void An_audience_with_somebody_who_stays_gets_nothing_new() =>
        Held([OldToA, AnnInA], [Asked(Grant(Old, "A")), NewToA]).ShouldBe(["Grant A"]);

    [Fact]
    public void An_audience_that_keeps_something_gets_nobody_new() =>
        Held([OldToA, AnnInA], [Asked(Member("A", "ann")), BobJoinsA, NewToA]).ShouldBe(["Member A"]);

    [Theory]
    [InlineData(FactKind.Mask)]
    [InlineData(FactKind.RowRule)]
    public void Nobody_comes_to_an_older_mask_or_row_rule(FactKind kind)
    {
        ObservedFact[] there = [OldToA, AnnInA, Ours(new FactKey(kind, Old, "x"), "older")];
        DesiredFact[] asked = [Asked(Grant(Old, "A")), Asked(Member("A", "ann")), BobJoinsA, Asked(Grant(Old, "B")), Asked(new FactKey(kind, Old, "x"), "newer")];

        Held(there, asked).ShouldBe(["Member A", "Grant B"]);
    }

    [Fact]
    public void Who_stays_exempt_keeps_what_asks_for_that_from_being_granted()
    {
        ObservedFact[] there = [AnnInA, OldToA, Ours(Exempt("ann", "rule-p"))];
        DesiredFact[] asked = [Asked(Member("A", "ann")), Asked(Grant(Old, "A")), NewToA, Asked(Mask(New), "unless rule-p"), Asked(Grant(Old, "B"))];

        Held(there, asked).ShouldBe(["Grant A"]);
    }

    [Fact]
    public void Who_stays_exempt_does_not_join_who_reads_what_asks_for_that()
    {
        ObservedFact[] there = [OldToA, Ours(Exempt("ann", "rule-p")), Ours(Mask(Old), "unless rule-p")];
        DesiredFact[] asked = [Asked(Grant(Old, "A")), Asked(Mask(Old), "unless rule-p"), Asked(Member("A", "ann")), BobJoinsA];

        Held(there, asked).ShouldBe(["Member A"], "one of them");
    }

    [Fact]
    public void Nothing_new_is_told_to_a_protection_that_stays()
    {
        ObservedFact[] there = [Ours(Mask(Old), "unless rule-p")];

        Held(there, [Asked(Exempt("ann", "rule-p")), Asked(Exempt("ann", "rule-q")), Asked(new FactKey(FactKind.Entitlement, null, "ann", "known"), "{}")]).ShouldBe(["Exemption ann"]);
    }

    [Fact]
    public void Nobody_becomes_exempt_from_what_stands_beside_an_older_protection()
    {
        var rows = new FactKey(FactKind.RowRule, Old, "rows");
        ObservedFact[] there = [Ours(Mask(Old), "older"), Ours(rows, "unless rule-p")];

        Held(there, [Asked(Mask(Old), "newer"), Asked(rows, "unless rule-p"), Asked(Exempt("ann", "rule-p")), Asked(Exempt("ann", "rule-q"))]).ShouldBe(["Exemption ann"]);
    }

    [Fact]
    public void Who_is_known_by_what_is_no_longer_so_does_not_join_who_reads_what_asks_for_that()
    {
        var known = new FactKey(FactKind.Entitlement, null, "ann", "known");
        ObservedFact[] there = [Ours(Grant(Old, "A")), Ours(Grant(New, "B")), Ours(Mask(Old), "unless sluice.has('Reg''ion')"), Ours(Mask(New), "unless sluice.has('Team')"), Ours(known, """{"attributes":{"Reg'ion":"EU","Team":"x"}}""")];
        DesiredFact[] asked =
        [
            Asked(Grant(Old, "A")), Asked(Grant(New, "B")), Asked(Mask(Old), "unless sluice.has('Reg''ion')"), Asked(Mask(New), "unless sluice.has('Team')"), Asked(Member("A", "ann")), Asked(Member("B", "ann")),
            Asked(known, """{"attributes":{"Reg'ion":"US","Team":"x"}}"""),
        ];

        Held(there, asked).ShouldBe(["Member A"]);
    }

    [Fact]
    public void What_no_rule_in_force_asks_is_told_beside_what_stays()
    {
        var known = new FactKey(FactKind.Entitlement, null, "ann", "known");
        ObservedFact[] there = [Ours(Mask(Old), "unless sluice.has('Region')"), Ours(known, """{"attributes":{"Region":"EU"}}""")];
        DesiredFact[] asked = [Asked(Mask(Old), "unless sluice.has('Region')"), Asked(Mask(New), "unless sluice.has('Team')"), Asked(known, """{"attributes":{"Region":"US","Team":"x"}}""")];

        var plan = PlanBuilder.Build(new DesiredState(asked, []), new ObservedState(there, [], [], []), EnforcementMode.CreateOnly, new ImpactScope(3, new HashSet<string>(), static _ => false));

        plan.Changes.Select(static c => (c.Phase, c.Verb, c.Key, c.Definition)).ShouldBe(
            [(ChangePhase.Prepare, ChangeVerb.Replace, known, """{"attributes":{"Region":"EU","Team":"x"}}"""), (ChangePhase.Protect, ChangeVerb.Add, Mask(New), "unless sluice.has('Team')")]);
        there[1] = Ours(known, """{"attributes":{"Region":"EU","Team":"x"}}""");
        PlanBuilder.Build(new DesiredState(asked, []), new ObservedState([.. there, Ours(Mask(New), "unless sluice.has('Team')")], [], [], []), EnforcementMode.CreateOnly, new ImpactScope(3, new HashSet<string>(), static _ => false))
            .Changes.ShouldBeEmpty();
    }

    [Fact]
    public void While_somebody_is_left_alone_who_is_to_be_no_longer_nothing_protected_is_granted() =>
        Held([Ours(Exempt("ROLE", FactKey.FromAll))], [Asked(Mask(New), "masked"), NewToA, BobJoinsA, Asked(Grant(Old, "B"))]).ShouldBe(["Grant A", "Member A"]);

    [Fact]
    public void Nobody_is_left_alone_while_something_stays()
    {
        Held([OldToA], [Asked(Mask(Old), "masked"), Asked(Exempt("ROLE", FactKey.FromAll))]).ShouldBe(["Exemption ROLE"]);
        Held([Ours(Mask(Old), "older")], [Asked(Mask(Old), "newer"), Asked(Exempt("ROLE", FactKey.FromAll))]).ShouldBe(["Exemption ROLE"]);
        Held([], [Asked(Mask(Old), "masked"), Asked(Exempt("ROLE", FactKey.FromAll))]).ShouldBeEmpty();
    }

    [Fact]
    public void What_others_made_keeps_nothing_back() =>
        Held([OldToA with { Owner = FactOwner.Registered }, AnnInA with { Owner = FactOwner.Foreign }], [BobJoinsA, NewToA]).ShouldBeEmpty();

    [Fact]
    public void Protections_always_come() =>
        Held([OldToA, AnnInA, Ours(Exempt("ann", "rule-p")), Ours(Mask(Old), "older")], [Asked(Mask(Old), "newer"), Asked(Mask(New), "unless rule-p"), Asked(new FactKey(FactKind.RowRule, New, "x"), "rule")]).ShouldBeEmpty();

    [Theory]
    [InlineData(EnforcementMode.Sync)]
    [InlineData(EnforcementMode.UpsertOnly)]
    public void Modes_that_take_back_what_is_ours_hold_nothing_back(EnforcementMode mode)
    {
        var plan = PlanBuilder.Build(new DesiredState([Asked(Grant(Old, "A")), NewToA], []), new ObservedState([OldToA, AnnInA], [], [], []), mode, new ImpactScope(3, new HashSet<string>(), static _ => false));

        plan.Changes.Select(static c => c.Verb).ShouldBe([ChangeVerb.Add, ChangeVerb.Remove], ignoreOrder: true);
        plan.Shortfalls.ShouldBeEmpty();
    }

    // What was asked for, is not there, and is not in the plan; each is told.
    private static List<string> Held(ObservedFact[] there, DesiredFact[] asked)
    {
        var plan = PlanBuilder.Build(new DesiredState(asked, []), new ObservedState(there, [], [], []), EnforcementMode.CreateOnly, new ImpactScope(3, new HashSet<string>(), static _ => false));
        plan.Changes.ShouldAllBe(static c => c.Verb == ChangeVerb.Add);
        var held = asked.Where(a => there.All(t => t.Key != a.Key) && plan.Changes.All(c => c.Key != a.Key)).Select(static a => $"{a.Key.Kind} {a.Key.Subject}").ToList();
        plan.Shortfalls.Count(static s => s.Reason.StartsWith("held back", StringComparison.Ordinal)).ShouldBe(held.Count);
        return held;
    }

    private static FactKey Grant(ObjectPath on, string audience) => new(FactKind.Grant, on, audience, "SELECT");

    private static FactKey Member(string audience, string who) => new(FactKind.Member, null, audience, who);

    private static FactKey Exempt(string who, string from) => new(FactKind.Exemption, null, who, from);

    private static FactKey Mask(ObjectPath on) => new(FactKind.Mask, on, "column");

    private static ObservedFact Ours(FactKey key, string definition = "") => new(key, definition, FactOwner.Ours);

    private static DesiredFact Asked(FactKey key, string definition = "") => new(key, definition, "policies");
}
