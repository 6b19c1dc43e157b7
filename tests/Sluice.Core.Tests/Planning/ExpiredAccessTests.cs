using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Planning;

/// <summary>What an expiry takes away is never held, whatever else a plan does; what a policy takes away at the same time is.</summary>
public sealed class ExpiredAccessTests
{
    private static readonly ObjectPath Orders = new("c", "d", "s", "orders");
    private static readonly AccessRule Project = Rule("Project");
    private static readonly AccessRule Staff = Rule("Staff");
    private static readonly ImpactScope Scope = new(3, new HashSet<string>(), static _ => false);

    [Fact]
    public void An_expiry_for_many_is_not_counted_and_what_a_policy_takes_from_others_is()
    {
        // The project ended for sixty people; for forty others the policy did.
        var ended = Enumerable.Range(0, 60).Select(static i => $"e{i:00}").ToArray();
        var others = Enumerable.Range(0, 40).Select(static i => $"o{i:00}").ToArray();
        var (plan, _, expired) = Compare([(Orders, Project)], held: [(Project, [.. ended, .. others])], now: [(Project, [])], unexpired: [(Project, ended)]);

        plan.Impact.HeldLost.ShouldBe(100);
        PlanGuard.ReasonToWait(plan.Impact, expired, new ConnectionSettings { GuardMaxLost = 39 }).ShouldNotBeNull().ShouldContain("takes away 40 pairs");
        PlanGuard.ReasonToWait(plan.Impact, expired, new ConnectionSettings { GuardMaxLost = 40 }).ShouldBeNull();
    }

    [Fact]
    public void What_an_expiry_opens_is_counted_like_any_gain()
    {
        // A rule with a NOT: those whose attribute has expired come in.
        var come = Enumerable.Range(0, 60).Select(static i => $"p{i:00}").ToArray();
        var (plan, _, expired) = Compare([(Orders, Project)], held: [(Project, [])], now: [(Project, come)], unexpired: [(Project, [])]);

        PlanGuard.ReasonToWait(plan.Impact, expired, new ConnectionSettings()).ShouldNotBeNull().ShouldContain("grants or uncovers 60 pairs");
    }

    [Fact]
    public void Of_a_held_plan_an_expiry_is_made_at_once_and_nothing_else()
    {
        var (plan, observed, expired) = Compare([(Orders, Project)], held: [(Project, ["ada", "ben"])], now: [(Project, [])], unexpired: [(Project, ["ada"])]);

        AtOnce(plan, observed, expired).ShouldBe([Member(Project, "ada")], "ben left the project by hand");
    }

    [Fact]
    public void Who_would_keep_an_object_but_for_an_expiry_loses_it_though_the_policy_lets_others_in_by_now()
    {
        // The staff read orders in place of the project. Ada has been on both, and both have ended for her; Ben is staff; Cy was on the project alone.
        var (plan, observed, expired) = Compare(
            [(Orders, Staff)],
            held: [(Project, ["ada", "ben", "cy"])],
            now: [(Staff, ["ben"])],
            unexpired: [(Staff, ["ada", "ben"])],
            granted: [(Orders, Project)]);

        AtOnce(plan, observed, expired).ShouldBe([Member(Project, "ada")]);
        expired.Ends("ada", Orders).ShouldBeTrue();
        expired.Ends("cy", Orders).ShouldBeFalse("the policy ends it");
        expired.Ends("ben", Orders).ShouldBeFalse();
    }

    [Fact]
    public void What_rules_know_of_somebody_is_forgotten_at_once_when_it_expired()
    {
        var known = new FactKey(FactKind.Entitlement, null, "ada", "known");
        var exempt = new FactKey(FactKind.Exemption, null, "ada", "x");
        var observed = new ObservedState([new ObservedFact(known, "{EU,US}", FactOwner.Ours), new ObservedFact(exempt, "", FactOwner.Ours)], [], [], []);
        var intent = Intent([], []);
        var unexpired = Build(new DesiredState([new DesiredFact(known, "{EU,US}", ""), new DesiredFact(exempt, "", "")], []), observed);
        var told = Build(new DesiredState([new DesiredFact(known, "{EU,US,CH}", ""), new DesiredFact(exempt, "", "")], []), observed);
        var both = Build(new DesiredState([new DesiredFact(known, "{EU,CH}", ""), new DesiredFact(exempt, "", "")], []), observed);
        var plan = Build(new DesiredState([new DesiredFact(known, "{EU}", "")], []), observed);

        AtOnce(plan, observed, new ExpiredAccess(intent, intent, unexpired)).ShouldBe([known, exempt], ignoreOrder: true);
        AtOnce(both, observed, new ExpiredAccess(intent, intent, told)).ShouldBeEmpty("what somebody told of them as well is no expiry's");
    }

    [Fact]
    public void A_subscription_that_expired_ends_the_access_and_one_that_holds_keeps_it()
    {
        var intent = Intent([(Orders, Project)], [(Project, ["ben"])]);
        var before = intent with { Objects = [intent.Objects[0] with { DirectReaders = ["ada", "ben"] }] };
        var expired = new ExpiredAccess(intent, before, Build(new DesiredState([], []), new ObservedState([], [], [], [])));

        expired.Ends("ada", Orders).ShouldBeTrue();
        expired.Ends("ben", Orders).ShouldBeFalse("the rule lets them read");
    }

    private static FactKey[] AtOnce(Plan plan, ObservedState observed, ExpiredAccess expired) =>
        [.. PlanGuard.NeverHeld(plan.Changes, observed, expired, Scope).Select(static c => c.Key)];

    private static (Plan Plan, ObservedState Observed, ExpiredAccess Expired) Compare(
        (ObjectPath On, AccessRule Read)[] objects, (AccessRule Rule, string[] Members)[] held, (AccessRule, string[])[] now, (AccessRule, string[])[] unexpired,
        (ObjectPath, AccessRule)[]? granted = null)
    {
        var observed = new ObservedState([.. Facts(granted ?? objects, held).Select(static k => new ObservedFact(k, "", FactOwner.Ours))], [], [], []);
        var plan = Build(Desired(objects, now), observed);
        var otherwise = Build(Desired(objects, unexpired), observed);
        return (plan, observed, new ExpiredAccess(Intent(objects, now), Intent(objects, unexpired), otherwise));
    }

    private static DesiredState Desired((ObjectPath, AccessRule)[] objects, (AccessRule, string[])[] members) =>
        new([.. Facts(objects, members).Select(static k => new DesiredFact(k, "", "because"))], []);

    private static IEnumerable<FactKey> Facts((ObjectPath On, AccessRule Read)[] objects, (AccessRule Rule, string[] Members)[] members) =>
    [
        .. members.Select(static m => new FactKey(FactKind.Audience, null, m.Rule.Id.Value)),
        .. members.SelectMany(static m => m.Members.Select(p => Member(m.Rule, p))),
        .. objects.Select(static o => new FactKey(FactKind.Grant, o.On, o.Read.Id.Value, "SELECT")),
    ];

    private static FactKey Member(AccessRule rule, string person) => new(FactKind.Member, null, rule.Id.Value, person);

    private static AccessIntent Intent((ObjectPath On, AccessRule Read)[] objects, (AccessRule Rule, string[] Members)[] members) => new()
    {
        Prefix = "SLUICE_",
        Identities = [],
        Objects =
        [
            .. objects.Select(static o => new IntendedObject
            {
                Object = new GovernedObject { Path = o.On, Kind = ObjectKind.Table, Tags = [], Columns = [] },
                Access = new ObjectAccess { Read = o.Read, Write = AccessRule.Nobody },
            }),
        ],
        MembersOf = rule => members.Where(m => m.Rule.Equals(rule)).SelectMany(static m => m.Members).ToList(),
    };

    private static AccessRule Rule(string group) => AccessRule.Of(new Predicate.InGroups([group]));

    private static Plan Build(DesiredState desired, ObservedState observed) => PlanBuilder.Build(desired, observed, EnforcementMode.Sync, Scope);
}
