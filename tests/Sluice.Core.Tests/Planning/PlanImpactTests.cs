using CsCheck;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;

namespace Sluice.Core.Tests.Planning;

public sealed class PlanImpactTests
{
    private static readonly string[] People = ["ada", "bob", "cy", "dan"];
    private static readonly string[] Audiences = ["aud0", "aud1"];
    private static readonly ObjectPath[] Tables = [new("c", "d", "s", "t0"), new("c", "d", "s", "t1"), new("c", "d", "s", "t2")];

    private static readonly FactKey[] AllKeys =
    [
        .. from a in Audiences select new FactKey(FactKind.Audience, null, a),
        .. from a in Audiences from p in People select new FactKey(FactKind.Member, null, a, p),
        .. from t in Tables from a in Audiences.Concat(People) from d in (string[])["SELECT", "INSERT"] select new FactKey(FactKind.Grant, t, a, d),
        .. from t in Tables select new FactKey(FactKind.RowRule, t, "rule"),
        .. from t in Tables select new FactKey(FactKind.Mask, t, "column"),
        .. from p in People select new FactKey(FactKind.Exemption, null, p, "x"),
        .. from p in People select new FactKey(FactKind.Grant, new ObjectPath("c", "d"), p, "USAGE"),
    ];

    // Made for subscriptions; the same person's other grants were not.
    private static readonly HashSet<FactKey> Direct =
    [
        new FactKey(FactKind.Grant, Tables[0], "ada", "SELECT"), new FactKey(FactKind.Grant, Tables[0], "bob", "SELECT"), new FactKey(FactKind.Grant, Tables[1], "bob", "INSERT"),
    ];

    private static readonly Gen<FactKey[]> State = Gen.Int[0, 2].Select(static n => n == 0).Array[AllKeys.Length].Select(static present => AllKeys.Where((_, i) => present[i]).ToArray());

    [Theory]
    [InlineData(ChangePhase.Know, false, 1)]
    [InlineData(ChangePhase.Prepare, false, 0)]
    [InlineData(ChangePhase.Prepare, true, 1)]
    [InlineData(ChangePhase.Clean, true, 0)]
    public void What_is_told_of_somebody_counts_where_a_rule_may_ask_it(ChangePhase phase, bool isReplaced, int gained)
    {
        var numbers = new FactNumbers();
        var (grant, rule) = (new FactKey(FactKind.Grant, Tables[0], "ada", "SELECT"), new FactKey(FactKind.RowRule, Tables[0], "rule"));
        var told = new Change(phase, ChangeVerb.Replace, new FactKey(FactKind.Entitlement, null, "ada", "known"), "{}", "");
        var replaced = new Change(ChangePhase.Know, ChangeVerb.Replace, rule, "another", "");

        PlanImpact.Of(
            isReplaced ? [told, replaced] : [told],
            new FactTable([new ObservedFact(grant, "", FactOwner.Ours), new ObservedFact(rule, "one", FactOwner.Ours), new ObservedFact(told.Key, "{}", FactOwner.Ours)], numbers), numbers,
            new ImpactScope(3, new HashSet<string>(), static _ => false)).Gained.ShouldBe(gained);
    }

    [Fact]
    public void The_impact_is_what_looking_at_each_pair_comes_to() => Gen.Select(State, State).Sample(
        static (old, next) =>
        {
            var impact = PlanBuilder.Build(
                new DesiredState([.. next.Select(static k => new DesiredFact(k, "", "because"))], []),
                new ObservedState([.. old.Select(static k => new ObservedFact(k, "", FactOwner.Ours))], [], [], []),
                EnforcementMode.Sync,
                new ImpactScope(3, new HashSet<string> { "cy" }, static s => s == "aud1") { DirectGrants = Direct, Departed = new HashSet<string> { "dan" } }).Impact;

            var (lost, gained) = (new List<(string Who, ObjectPath On)>(), new List<(string Who, ObjectPath On)>());
            var pairs = 0;
            foreach (var table in Tables)
            {
                foreach (var name in People.Concat(Audiences))
                {
                    var (had, has) = (GrantedTo(name, table, old), GrantedTo(name, table, next));
                    if (had.Count > 0) pairs++;
                    if (had.Count > 0 && has.Count == 0) lost.Add((name, table));
                    var isUncovered = Protections(table, old).Except(Protections(table, next)).Any()
                        || (Protections(table, next).Any() && next.Except(old).Any(k => k.Kind == FactKind.Exemption && k.Subject == name));
                    if (has.Count > 0 && (had.Count == 0 || !has.IsSubsetOf(had) || isUncovered)) gained.Add((name, table));
                }
            }

            impact.Before.ShouldBe(pairs);
            impact.Lost.ShouldBe(lost.Count);
            impact.Gained.ShouldBe(gained.Count);
            impact.HeldGained.ShouldBe(Held(gained));
            impact.HeldLost.ShouldBe(Held(lost.Where(l => Ways(l.Who, l.On, old).Any(static g => g.Subject != "aud1" && !Direct.Contains(g)))));
            impact.Examples.Where(static e => e.IsLost).Select(static e => (e.Identity, e.Object)).ShouldBe(lost, ignoreOrder: true);
            impact.Examples.Where(static e => !e.IsLost).Select(static e => (e.Identity, e.Object)).ShouldBe(gained, ignoreOrder: true);
        },
        iter: 5_000);

    // Of one person alone nothing is held, nor of who is disabled or was deleted.
    private static int Held(IEnumerable<(string Who, ObjectPath On)> pairs)
    {
        var counted = pairs.Where(static p => p.Who is not ("cy" or "dan")).ToList();
        return counted.Select(static p => p.Who).Distinct().Count() <= 1 ? 0 : counted.Count;
    }

    private static HashSet<string> GrantedTo(string name, ObjectPath table, FactKey[] facts) =>
        [.. facts.Where(k => k.Kind == FactKind.Grant && table.Equals(k.Object) && IsReader(name, k.Subject, facts)).Select(static k => k.Detail)];

    private static IEnumerable<FactKey> Ways(string name, ObjectPath table, FactKey[] facts) =>
        facts.Where(k => k.Kind == FactKind.Grant && table.Equals(k.Object) && IsReader(name, k.Subject, facts));

    // A grantee of whom nothing says that it is an audience reads itself.
    private static bool IsReader(string name, string grantee, FactKey[] facts)
    {
        var isAudience = facts.Any(k => k.Kind is FactKind.Audience or FactKind.Member && k.Subject == grantee);
        return isAudience ? facts.Contains(new FactKey(FactKind.Member, null, grantee, name)) : name == grantee;
    }

    private static IEnumerable<FactKey> Protections(ObjectPath table, FactKey[] facts) =>
        facts.Where(k => k.Kind is FactKind.RowRule or FactKind.Mask && table.Equals(k.Object));
}
