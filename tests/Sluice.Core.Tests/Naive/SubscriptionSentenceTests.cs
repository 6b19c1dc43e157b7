using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using static Sluice.Core.Policies.SubscriptionMode;
using static Sluice.Core.Tests.Naive.Scene;

namespace Sluice.Core.Tests.Naive;

/// <summary>What policies.md says about who may read, a sentence and what it makes of one person and one table: true where the person reads.</summary>
public sealed class SubscriptionSentenceTests
{
    private static readonly Scene InA = new() { Person = In("A") };

    private static readonly (string Sentence, Scene Scene, bool Reads)[] Table =
    [
        ("anyone", new(Kind(SubscriptionKind.Anyone)), true),
        ("entitlements: a member", new(Group("A")) { Person = In("A") }, true),
        ("entitlements: no member", new(Group("A")) { Person = In("B") }, false),
        ("entitlements all: one of two", new(Entitled(SetOperator.All)) { Person = In("A") }, false),
        ("entitlements all: both", new(Entitled(SetOperator.All)) { Person = Named("ann", ["A"], ("Region", "EU")) }, true),
        ("entitlements any: one of two", new(Entitled(SetOperator.Any)) { Person = In("A") }, true),
        ("entitlements of none hold for nobody", new(Kind(SubscriptionKind.Entitlements) with { Entitlements = new(SetOperator.All, [], []) }), false),
        ("an attribute's value is compared exactly", new(Entitled(SetOperator.Any)) { Person = Named("ann", null, ("Region", "eu")) }, false),

        ("OR of S: one of two", new(Group("A"), Group("B")) { Person = In("B") }, true),
        ("OR of S: none of two", new(Group("A"), Group("B")) { Person = In("C") }, false),
        ("AND all of R: S alone", new(Group("A"), Group("B", Required)) { Person = In("A") }, false),
        ("AND all of R: R alone", new(Group("A"), Group("B", Required)) { Person = In("B") }, false),
        ("AND all of R: both", new(Group("A"), Group("B", Required)) { Person = In("A", "B") }, true),
        ("TRUE when S is empty and R is not", new(Group("B", Required)) { Person = In("B") }, true),
        ("all of R, not one of them", new(Group("A", Required), Group("B", Required)) { Person = In("A") }, false),
        ("AND all of G", new(Group("A"), Group("B", Guardrail)) { Person = In("A") }, false),
        ("S and G", new(Group("A"), Group("B", Guardrail)) { Person = In("A", "B") }, true),
        ("S and R both empty: nobody is subscribed by policy", new(), false),
        ("guardrails alone never subscribe anyone", new(Group("A", Guardrail)) { Person = In("A") }, false),

        ("by hand: where a manual policy applies", new Scene(Kind(SubscriptionKind.Manual)).Subscribed(), true),
        ("by hand: not added", new(Kind(SubscriptionKind.Manual)), false),
        ("by approval: where an approval policy applies", new Scene(Kind(SubscriptionKind.Approval)).Subscribed(SubscriptionKind.Approval), true),
        ("it counts as that policy's condition: by hand isn't approved", new Scene(Kind(SubscriptionKind.Approval)).Subscribed(), false),
        ("it counts as that policy's condition: approved isn't by hand", new Scene(Kind(SubscriptionKind.Manual)).Subscribed(SubscriptionKind.Approval), false),
        ("by hand where neither S nor R applies", new Scene().Subscribed(), true),
        ("by approval where neither S nor R applies", new Scene().Subscribed(SubscriptionKind.Approval), true),
        ("by hand where S applies and none of it is manual", new Scene(Group("A")).Subscribed(), false),
        ("by hand where R applies and none of it is manual", new Scene(Group("A", Required)).Subscribed(), false),
        ("by hand where only guardrails apply: they hold", (new Scene(Group("A", Guardrail)) with { Person = In("A") }).Subscribed(), true),
        ("by hand where only guardrails apply: they don't hold", new Scene(Group("A", Guardrail)).Subscribed(), false),
        ("as required: added by hand", (new Scene(Group("A"), Kind(SubscriptionKind.Manual, Required)) with { Person = In("A") }).Subscribed(), true),
        ("as required: not added", new(Group("A"), Kind(SubscriptionKind.Manual, Required)) { Person = In("A") }, false),
        ("as required: added, but not S", new Scene(Group("A"), Kind(SubscriptionKind.Manual, Required)).Subscribed(), false),
        ("manual beside another shared one: either", new Scene(Group("A"), Kind(SubscriptionKind.Manual)).Subscribed(), true),
        ("a manual guardrail alone: added by hand", new Scene(Kind(SubscriptionKind.Manual, Guardrail)).Subscribed(), true),
        ("a manual guardrail alone: approved is not added", new Scene(Kind(SubscriptionKind.Manual, Guardrail)).Subscribed(SubscriptionKind.Approval), false),
        ("until it expires: before", new Scene(Kind(SubscriptionKind.Manual)).Subscribed(expiresAt: Now.AddTicks(1)), true),
        ("until it expires: at that moment", new Scene(Kind(SubscriptionKind.Manual)).Subscribed(expiresAt: Now), false),
        ("until it expires: after", new Scene().Subscribed(expiresAt: Now.AddDays(-1)), false),

        ("READ and WRITE are separate audiences: a WRITE policy reads nothing", new(Kind(SubscriptionKind.Anyone) with { Access = AccessKind.Write }), false),
        ("and its presence isn't S of READ", new Scene(Kind(SubscriptionKind.Anyone) with { Access = AccessKind.Write }).Subscribed(), true),
        ("a subscription to write reads nothing", WithWriteSubscription(), false),
        ("staged takes part in simulations only", new(Kind(SubscriptionKind.Anyone) with { IsStaged = true }), false),
        ("a staged guardrail guards nothing", new(Kind(SubscriptionKind.Anyone), Group("B", Guardrail) with { IsStaged = true }), true),
        ("a disabled person is entitled to nothing", (new Scene(Kind(SubscriptionKind.Anyone)) with { Person = Named("ann") with { IsEnabled = false } }).Subscribed(), false),

        ("circumstances left out: all", new(Kind(SubscriptionKind.Anyone) with { Circumstances = null }), true),
        ("the object carries the tag", new(On(new Circumstance.Tagged("Domain.Sales"))), true),
        ("or one below it", new(On(new Circumstance.Tagged("Domain"))), true),
        ("not one above it", new(On(new Circumstance.Tagged("Domain.Sales.EU"))), false),
        ("below is a matter of dots, not of letters", new(On(new Circumstance.Tagged("Domain.Sale"))), false),
        ("a column's tag is no tag of the object", new(On(new Circumstance.Tagged("PII"))), false),
        ("columnTags", new(On(new Circumstance.ColumnTagged("PII"))), true),
        ("columnTags: none", new(On(new Circumstance.ColumnTagged("Finance"))), false),
        ("columnRegex", new(On(new Circumstance.ColumnMatches("^ssn$", false))), true),
        ("columnRegex: by case", new(On(new Circumstance.ColumnMatches("^SSN$", false))), false),
        ("columnRegex: caseInsensitive", new(On(new Circumstance.ColumnMatches("^SSN$", true))), true),
        ("noTags where there is one", new(On(new Circumstance.NoTags())), false),
        ("noTags where there is none", new Scene(On(new Circumstance.NoTags())) is var s ? s with { Object = s.Object with { Tags = [] } } : s, true),
        ("this object and all below it: a schema above", new(On(new Circumstance.AtOrBelow(new ObjectPath("warehouse", "sales", "public")))), true),
        ("this object and all below it: itself", new(On(new Circumstance.AtOrBelow(new ObjectPath("warehouse", "sales", "public", "orders")))), true),
        ("this object and all below it: a neighbour", new(On(new Circumstance.AtOrBelow(new ObjectPath("warehouse", "sales", "publi")))), false),
        ("circumstanceOperator any", new(On(new Circumstance.NoTags(), new Circumstance.Tagged("Domain"))), true),
        ("circumstanceOperator all", new(On(new Circumstance.NoTags(), new Circumstance.Tagged("Domain")) with { CircumstanceOperator = SetOperator.All }), false),

        ("member of all", new(Allow(new Predicate.InGroups(["A", "B"]))) { Person = In("A") }, false),
        ("an unknown group grants nothing", new(Allow(new Predicate.InGroups(["Ghosts"]))) { Person = In("Ghosts") }, false),
        ("nor does its negation", new(Allow(new Predicate.Not(new Predicate.InGroups(["Ghosts"])))), false),
        ("nor where another of the groups is not the person's", new(Allow(new Predicate.Not(new Predicate.InGroups(["A", "Ghosts"])))), false),
        ("an unknown attribute's negation grants nothing", new(Allow(new Predicate.Not(new Predicate.HasAttribute("Haunt", "1")))), false),
        ("NOT of a known group", new(Allow(new Predicate.Not(new Predicate.InGroups(["A"])))) { Person = In("B") }, true),
        ("@username", new(Allow(Is(Property(PropertyKind.Username), "ann"))), true),
        ("@iam of one kept here is NULL, and so is not unequal", new(Allow(Is(ComparisonOperator.NotEqual, Property(PropertyKind.Iam), "okta"))), false),
        ("@hostname", new(Allow(Is(Property(PropertyKind.Hostname), "db.example.com"))), true),
        ("@database", new(Allow(Is(Property(PropertyKind.Database), "sales"))), true),
        ("@schema", new(Allow(Is(Property(PropertyKind.Schema), "public"))), true),
        ("@table", new(Allow(Is(Property(PropertyKind.Table), "orders"))), true),
        ("@hasTagAsAttribute", new(Allow(new Predicate.TagIsAttribute("Clearance", TagPlace.Column))) { Person = Named("ann", null, ("Clearance", "PII.Ssn")) }, true),
        ("@hasTagAsAttribute: exactly", new(Allow(new Predicate.TagIsAttribute("Clearance", TagPlace.Column))) { Person = Named("ann", null, ("Clearance", "PII")) }, false),
        ("@hasTagAsGroup", new(Allow(new Predicate.TagIsGroup(TagPlace.DataSource))) { Person = In("Domain.Sales") }, true),
        ("an error in an allow grants nothing", new(Allow(new Predicate.Any([new Predicate.Constant(true), Is(Column("region"), "EU")]))), false),
    ];

    public static TheoryData<string> Sentences => [.. Table.Select(t => t.Sentence)];

    [Theory]
    [MemberData(nameof(Sentences))]
    public void Who_may_read_is_as_the_design_says(string sentence)
    {
        var (_, scene, reads) = Table.Single(t => t.Sentence == sentence);

        scene.Reads.ShouldBe(reads);
    }

    [Fact]
    public void A_write_policy_writes_and_does_not_read()
    {
        var scene = new Scene(Kind(SubscriptionKind.Anyone) with { Access = AccessKind.Write });

        (scene.Writes, scene.Reads).ShouldBe((true, false));
        WithWriteSubscription().Writes.ShouldBeTrue();
        InA.Writes.ShouldBeFalse();
    }

    private static SubscriptionPolicy Entitled(SetOperator joined) =>
        Kind(SubscriptionKind.Entitlements) with { Entitlements = new(joined, ["A"], [new PersonAttribute("Region", "EU")]) };

    private static SubscriptionPolicy On(params Circumstance[] circumstances) => Kind(SubscriptionKind.Anyone) with { Circumstances = circumstances.ToValueList() };

    private static Operand Property(PropertyKind kind) => new Operand.Property(kind);

    private static Scene WithWriteSubscription() => new Scene() is var scene ? scene with { Subscriptions = [scene.ByHand(access: AccessKind.Write)] } : scene;
}
