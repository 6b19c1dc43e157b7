using System.Text.Json;
using CsCheck;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;

namespace Sluice.Core.Tests.Planning;

/// <summary>
/// A world of three people, audiences, tables and row rules, small enough to be looked at whole after every single change of a plan.
/// A rule lets a row through when the person is exempt, or is known to have the row's number; what nobody is told about hides it. Another rule, which is replaced where it changes, lets some rows through to anybody. A mask leaves its column to the members of one audience, readers of the
/// table or not, as an LF-Tag on a column does. Whoever is cy, or has the role that ada and bob have, may be left alone by all of them.
/// </summary>
public sealed class PhaseOrderTests
{
    private const int Rows = 3;
    private const string Role = "the role of ada and bob";
    private static readonly string[] People = ["ada", "bob", "cy"];
    private static readonly string[] Audiences = ["aud0", "aud1", "aud2"];
    private static readonly string[] Exempt = ["x0", "x1"];
    private static readonly string[] LeftAlone = ["cy", Role];
    private static readonly ObjectPath[] Tables = [new("c", "d", "s", "t0"), new("c", "d", "s", "t1"), new("c", "d", "s", "t2")];

    private static readonly FactKey[] AllKeys =
    [
        .. from a in Audiences from p in People select new FactKey(FactKind.Member, null, a, p),
        .. from t in Tables from a in Audiences select new FactKey(FactKind.Grant, t, a, "SELECT"),
        .. from t in Tables from p in People select new FactKey(FactKind.Grant, t, p, "SELECT"),
        .. from t in Tables from x in Exempt select new FactKey(FactKind.RowRule, t, $"rule-{x}", x),
        .. from p in People from x in Exempt select new FactKey(FactKind.Exemption, null, p, x),
        .. from s in LeftAlone select new FactKey(FactKind.Exemption, null, s, FactKey.FromAll),
    ];

    private static readonly Gen<Dictionary<FactKey, string>> State =
        from present in Gen.Int[0, 3].Select(static n => n == 0).Array[AllKeys.Length]
        from known in Gen.Int[0, 1 << Rows].Array[People.Length * Exempt.Length]
        from masks in Gen.Int[0, 5].Array[Tables.Length]
        from shown in Gen.Int[0, (2 << Rows) - 1].Array[Tables.Length]
        select Facts(present, known, masks, shown);

    [Fact]
    public void At_no_moment_anybody_sees_what_neither_the_old_nor_the_new_state_allows() =>
        Gen.Select(State, State, Gen.Int).Sample(
            (old, next, seed) =>
            {
                var (before, after) = (Seen(old), Seen(next));
                before.UnionWith(after);
                foreach (var moment in Moments(old, next, seed))
                    foreach (var cell in Seen(moment)) before.ShouldContain(cell);
            },
            iter: 3_000);

    [Fact]
    public void Who_is_in_both_states_is_never_interrupted_unless_changes_cross() =>
        Gen.Select(State, State, Gen.Int).Sample(
            (old, next, seed) =>
            {
                if (Plan(old, next).Changes.Any(static c => c.Phase is ChangePhase.EarlyRevoke or ChangePhase.Know || c.Key.Kind == FactKind.Mask || c.Key.IsExemptionFromAll)) return;
                var both = Seen(old);
                both.IntersectWith(Seen(next));
                foreach (var moment in Moments(old, next, seed)) Seen(moment).IsSupersetOf(both).ShouldBeTrue();
            },
            iter: 20_000);

    [Fact]
    public void What_only_a_rule_that_comes_asks_is_told_before_it_and_what_only_one_that_goes_asked_is_forgotten_after_it()
    {
        var (first, second) = (new FactKey(FactKind.RowRule, Tables[0], "rule-x0", "x0"), new FactKey(FactKind.RowRule, Tables[1], "rule-x1", "x1"));
        var known = new FactKey(FactKind.Entitlement, null, "ada", "known");
        var old = new Dictionary<FactKey, string> { [first] = "known('row''s x0')", [known] = """{"attributes":{"row's x0":"0"},"names":{"all":[]}}""" };
        var next = new Dictionary<FactKey, string> { [second] = "known('row''s x1')", [known] = """{"attributes":{"row's x1":"1"}}""" };

        Plan(old, next).Changes.Select(static c => (c.Phase, c.Verb, c.Key.Kind, c.Definition)).ShouldBe(
        [
            (ChangePhase.Prepare, ChangeVerb.Replace, FactKind.Entitlement, """{"attributes":{"row's x0":"0","row's x1":"1"},"names":{"all":[]}}"""),
            (ChangePhase.Protect, ChangeVerb.Add, FactKind.RowRule, next[second]),
            (ChangePhase.Unprotect, ChangeVerb.Remove, FactKind.RowRule, old[first]),
            (ChangePhase.Clean, ChangeVerb.Replace, FactKind.Entitlement, next[known]),
        ]);
    }

    [Fact]
    public void A_column_that_is_called_like_what_is_known_asks_nothing_of_people()
    {
        var (rule, known) = (new FactKey(FactKind.RowRule, Tables[0], "rows"), new FactKey(FactKind.Entitlement, null, "ada", "known"));
        var old = new Dictionary<FactKey, string> { [rule] = "known('Region') = region", [known] = """{"attributes":{"Region":"EU"}}""" };
        var next = new Dictionary<FactKey, string> { [rule] = "region = 'EU'" };

        Plan(old, next).Changes.Select(static c => (c.Phase, c.Verb, c.Key.Kind)).ShouldBe([(ChangePhase.Know, ChangeVerb.Replace, FactKind.RowRule), (ChangePhase.Clean, ChangeVerb.Remove, FactKind.Entitlement)]);
        Plan(next, old).Changes.Select(static c => (c.Phase, c.Verb, c.Key.Kind)).ShouldBe([(ChangePhase.Prepare, ChangeVerb.Add, FactKind.Entitlement), (ChangePhase.Know, ChangeVerb.Replace, FactKind.RowRule)]);
    }

    [Theory]
    [InlineData("""{"attributes":{"row's x0":"1"}}""")]
    [InlineData("""{"attributes":{"row's x0":"0","back\\slash":"1"}}""")]
    public void What_a_rule_in_force_asks_or_may_ask_changes_while_rules_do(string after)
    {
        var (rule, known) = (new FactKey(FactKind.RowRule, Tables[0], "rule-x0", "x0"), new FactKey(FactKind.Entitlement, null, "ada", "known"));
        var old = new Dictionary<FactKey, string> { [rule] = "known('row''s x0')", [known] = """{"attributes":{"row's x0":"0"}}""" };

        Plan(old, new Dictionary<FactKey, string>(old) { [known] = after }).Changes.Select(static c => (c.Phase, c.Verb)).ShouldBe([(ChangePhase.Know, ChangeVerb.Replace)]);
    }

    [Fact]
    public void What_a_rule_asked_while_nobody_had_it_is_told_with_the_rules_that_change()
    {
        var (rule, known) = (new FactKey(FactKind.RowRule, Tables[0], "rule-x0", "x0"), new FactKey(FactKind.Entitlement, null, "ada", "known"));
        var old = new Dictionary<FactKey, string> { [rule] = "known('row''s x0')", [known] = "{}" };

        Plan(old, new Dictionary<FactKey, string>(old) { [known] = """{"attributes":{"row's x0":"0"}}""" }).Changes.ShouldHaveSingleItem().Phase.ShouldBe(ChangePhase.Know);
    }

    [Fact]
    public void After_the_last_phase_the_new_state_is_there_and_a_second_plan_is_empty() =>
        Gen.Select(State, State, Gen.Int).Sample(
            (old, next, seed) =>
            {
                var reached = Moments(old, next, seed).Last();
                reached.ShouldBe(next, ignoreOrder: true);
                Plan(reached, next).IsEmpty.ShouldBeTrue();
            });

    [Fact]
    public void Who_is_left_alone_is_so_after_everything_else_and_no_longer_before_it()
    {
        var (rule, grant) = (new FactKey(FactKind.RowRule, Tables[0], "rule-x0", "x0"), new FactKey(FactKind.Grant, Tables[0], "aud0", "SELECT"));
        var (comes, goes) = (new FactKey(FactKind.Exemption, null, "cy", FactKey.FromAll), new FactKey(FactKind.Exemption, null, Role, FactKey.FromAll));
        var old = new Dictionary<FactKey, string> { [rule] = "", [grant] = "", [goes] = "" };
        var next = new Dictionary<FactKey, string> { [rule] = "", [comes] = "" };

        Plan(old, next).Changes.Select(static c => (c.Phase, c.Key)).ShouldBe([(ChangePhase.Prepare, goes), (ChangePhase.Revoke, grant), (ChangePhase.Clean, comes)]);
        Plan([], next).Changes.Select(static c => (c.Phase, c.Key)).ShouldBe([(ChangePhase.Prepare, comes), (ChangePhase.Protect, rule)]);
        Plan(next, []).Changes.Select(static c => (c.Phase, c.Key)).ShouldBe([(ChangePhase.Unprotect, rule), (ChangePhase.Clean, comes)]);
    }

    [Fact]
    public void Who_is_exempt_from_a_mask_that_comes_has_its_column_all_the_while()
    {
        var old = new Dictionary<FactKey, string>
        {
            [new FactKey(FactKind.Grant, Tables[0], "aud0", "SELECT")] = "", [new FactKey(FactKind.Member, null, "aud0", "ada")] = "", [new FactKey(FactKind.Member, null, "aud0", "bob")] = "",
        };
        var next = new Dictionary<FactKey, string>(old) { [new FactKey(FactKind.Member, null, "aud1", "ada")] = "", [Masked(Tables[0])] = "aud1" };

        foreach (var moment in Moments(old, next, seed: 1)) Seen(moment).ShouldContain(("ada", Tables[0], Rows));
        foreach (var moment in Moments(next, old, seed: 1)) Seen(moment).ShouldContain(("ada", Tables[0], Rows));
    }

    [Fact]
    public void Who_joins_an_audience_whose_object_gets_another_rule_meets_the_new_one_alone()
    {
        var joins = new FactKey(FactKind.Member, null, "aud0", "ada");
        var old = new Dictionary<FactKey, string> { [new FactKey(FactKind.Grant, Tables[0], "aud0", "SELECT")] = "", [Shown(Tables[0])] = "only 012" };
        var next = new Dictionary<FactKey, string>(old) { [joins] = "", [Shown(Tables[0])] = "only 0" };

        Plan(old, next).Changes.Select(static c => (c.Phase, c.Key)).ShouldBe([(ChangePhase.Know, Shown(Tables[0])), (ChangePhase.LateGrant, joins)]);
        Plan(next, old).Changes.Select(static c => (c.Phase, c.Key)).ShouldBe([(ChangePhase.EarlyRevoke, joins), (ChangePhase.Know, Shown(Tables[0]))]);
    }

    [Fact]
    public void Access_without_crossing_comes_before_access_goes()
    {
        var joins = new FactKey(FactKind.Member, null, "aud1", "ada");
        var leaves = new FactKey(FactKind.Member, null, "aud0", "ada");
        var grants = Tables[0];
        var old = new Dictionary<FactKey, string> { [leaves] = "", [new FactKey(FactKind.Grant, grants, "aud0", "SELECT")] = "", [new FactKey(FactKind.Grant, grants, "aud1", "SELECT")] = "" };
        var next = new Dictionary<FactKey, string>(old) { [joins] = "" };
        next.Remove(leaves);

        Plan(old, next).Changes.Select(static c => (c.Phase, c.Key)).ShouldBe([(ChangePhase.Grant, joins), (ChangePhase.Revoke, leaves)]);
    }

    [Fact]
    public void Who_joins_an_audience_whose_table_gets_another_row_rule_does_so_after_it_and_who_leaves_does_so_before()
    {
        var (grant, rule) = (new FactKey(FactKind.Grant, Tables[0], "aud0", "SELECT"), new FactKey(FactKind.RowRule, Tables[0], "rows", "x0"));
        var (joins, leaves) = (new FactKey(FactKind.Member, null, "aud0", "ada"), new FactKey(FactKind.Member, null, "aud0", "bob"));
        var old = new Dictionary<FactKey, string> { [grant] = "", [rule] = "the old one", [leaves] = "" };
        var next = new Dictionary<FactKey, string> { [grant] = "", [rule] = "the new one", [joins] = "" };

        Plan(old, next).Changes.Select(static c => (c.Phase, c.Key)).ShouldBe([(ChangePhase.EarlyRevoke, leaves), (ChangePhase.Know, rule), (ChangePhase.LateGrant, joins)]);
    }

    // Every state a reader can meet: after each change, in any order within a phase; what rules know of people changes in one transaction.
    private static IEnumerable<Dictionary<FactKey, string>> Moments(Dictionary<FactKey, string> old, Dictionary<FactKey, string> next, int seed)
    {
        var random = new Random(seed);
        var state = new Dictionary<FactKey, string>(old);
        foreach (var phase in Plan(old, next).Changes.GroupBy(static c => c.Phase))
        {
            var changes = phase.ToArray();
            random.Shuffle(changes);
            foreach (var change in changes)
            {
                if (change.Verb == ChangeVerb.Remove) state.Remove(change.Key);
                else state[change.Key] = change.Definition;
                if (phase.Key != ChangePhase.Know) yield return new Dictionary<FactKey, string>(state);
            }

            yield return new Dictionary<FactKey, string>(state);
        }

        yield return state;
    }

    private static Plan Plan(Dictionary<FactKey, string> old, Dictionary<FactKey, string> next) => PlanBuilder.Build(
        new DesiredState([.. next.Select(static f => new DesiredFact(f.Key, f.Value, "because"))], []),
        new ObservedState([.. old.Select(static f => new ObservedFact(f.Key, f.Value, FactOwner.Ours))], [], [], []),
        EnforcementMode.Sync,
        new ImpactScope(3, new HashSet<string>(), static _ => false));

    private static HashSet<(string Person, ObjectPath Table, int Row)> Seen(Dictionary<FactKey, string> state)
    {
        var seen = new HashSet<(string, ObjectPath, int)>();
        foreach (var person in People)
        foreach (var table in Tables)
        {
            var reads = state.ContainsKey(new FactKey(FactKind.Grant, table, person, "SELECT"))
                || Audiences.Any(a => state.ContainsKey(new FactKey(FactKind.Grant, table, a, "SELECT")) && state.ContainsKey(new FactKey(FactKind.Member, null, a, person)));
            var isLeftAlone = state.ContainsKey(new FactKey(FactKind.Exemption, null, person == "cy" ? person : Role, FactKey.FromAll));
            if (state.TryGetValue(Masked(table), out var audience) && !(reads && isLeftAlone) ? state.ContainsKey(new FactKey(FactKind.Member, null, audience, person)) : reads) seen.Add((person, table, Rows));
            if (!reads) continue;
            for (var row = 0; row < Rows; row++)
                if (isLeftAlone) seen.Add((person, table, row));
                else if (IsShown(state, table, row) && Exempt.All(x => !state.ContainsKey(new FactKey(FactKind.RowRule, table, $"rule-{x}", x)) || Passes(state, person, x, row))) seen.Add((person, table, row));
        }

        return seen;
    }

    // What a rule says of a person can go either way with what is known of them: x0 wants the row known, x1 wants it not known.
    private static bool Passes(Dictionary<FactKey, string> state, string person, string exempt, int row)
    {
        if (state.ContainsKey(new FactKey(FactKind.Exemption, null, person, exempt))) return true;
        if (!state.TryGetValue(new FactKey(FactKind.Entitlement, null, person, "known"), out var text)) return false;
        using var known = JsonDocument.Parse(text);
        return known.RootElement.TryGetProperty("attributes", out var attributes) && attributes.TryGetProperty(Asked(exempt), out var rows)
            && rows.GetString()!.Contains(row.ToString(), StringComparison.Ordinal) == (exempt == "x0");
    }

    // A name that is written otherwise in a rule's text.
    private static string Asked(string exempt) => $"row's {exempt}";

    private static bool IsShown(Dictionary<FactKey, string> state, ObjectPath table, int row) =>
        !state.TryGetValue(Shown(table), out var rows) || rows.Contains(row.ToString(), StringComparison.Ordinal);

    private static FactKey Shown(ObjectPath table) => new(FactKind.RowRule, table, "shown");

    private static FactKey Masked(ObjectPath table) => new(FactKind.Mask, table, "column");

    private static Dictionary<FactKey, string> Facts(bool[] present, int[] known, int[] masks, int[] shown)
    {
        var facts = AllKeys.Where((_, i) => present[i]).ToDictionary(static k => k, static k => k.Kind == FactKind.RowRule ? $"exempt({k.Detail}) or known('row''s {k.Detail}')" : "");
        List<string> asked = [.. Exempt.Where(x => facts.Keys.Any(k => k.Kind == FactKind.RowRule && k.Detail == x))];
        for (var i = 0; i < Tables.Length; i++)
        {
            if (shown[i] < 1 << Rows) facts[Shown(Tables[i])] = $"only {Digits(shown[i])}";
            if (masks[i] < Audiences.Length) facts[Masked(Tables[i])] = Audiences[masks[i]];
        }

        if (!facts.Keys.Any(static k => k.Kind is FactKind.RowRule or FactKind.Mask)) foreach (var subject in LeftAlone) facts.Remove(new FactKey(FactKind.Exemption, null, subject, FactKey.FromAll));

        // As compilers do: all that rules ask of everybody, and no more; nothing of those who are disabled, and of identities whose holders differ.
        for (var i = 0; i < People.Length && asked.Count > 0; i++)
        {
            var attributes = asked.Where(x => known[(i * Exempt.Length) + Array.IndexOf(Exempt, x)] < 1 << Rows)
                .Select(x => $"\"{Asked(x)}\":\"{Digits(known[(i * Exempt.Length) + Array.IndexOf(Exempt, x)])}\"").ToList();
            if (known[i] % 7 != 0) facts[new FactKey(FactKind.Entitlement, null, People[i], "known")] = $"{{\"attributes\":{{{string.Join(',', attributes)}}}}}";
        }

        return facts;

        static string Digits(int rows) => string.Concat(Enumerable.Range(0, Rows).Where(r => (rows & (1 << r)) != 0));
    }
}
