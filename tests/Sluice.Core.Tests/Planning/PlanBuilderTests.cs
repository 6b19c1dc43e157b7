using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;

namespace Sluice.Core.Tests.Planning;

public sealed class PlanBuilderTests
{
    private static readonly ObjectPath Table = new("c", "d", "s", "t");
    private static readonly FactKey Key = new(FactKind.Grant, Table, "ada", "SELECT");

    [Theory]
    [InlineData(true, null, null, "add", "add", "add")]
    [InlineData(true, "same", FactOwner.Ours, "-", "-", "-")]
    [InlineData(true, "same", FactOwner.Registered, "-", "-", "-")]
    [InlineData(true, "same", FactOwner.Foreign, "-", "-", "-")]
    [InlineData(true, "other", FactOwner.Ours, "replace", "replace", "leave")]
    [InlineData(true, "other", FactOwner.Registered, "replace", "leave", "leave")]
    [InlineData(true, "other", FactOwner.Foreign, "leave", "leave", "leave")]
    [InlineData(false, "same", FactOwner.Ours, "remove", "remove", "leave")]
    [InlineData(false, "same", FactOwner.Registered, "remove", "leave", "leave")]
    [InlineData(false, "same", FactOwner.Foreign, "-", "-", "-")]
    public void What_is_done_follows_from_desired_observed_owner_and_mode(
        bool desired, string? observed, FactOwner? owner, string sync, string upsertOnly, string createOnly)
    {
        var wanted = new DesiredState(desired ? [new DesiredFact(Key, "same", "because")] : [], []);
        var found = Observed(observed is null ? [] : [new ObservedFact(Key, observed, owner!.Value)]);

        DoneIn(EnforcementMode.Sync).ShouldBe(sync);
        DoneIn(EnforcementMode.Observe).ShouldBe(sync);
        DoneIn(EnforcementMode.UpsertOnly).ShouldBe(upsertOnly);
        DoneIn(EnforcementMode.CreateOnly).ShouldBe(createOnly);

        string DoneIn(EnforcementMode mode)
        {
            var plan = Build(wanted, found, mode);
            return plan.Changes.Count > 0 ? plan.Changes.Single().Verb.ToString().ToLowerInvariant() : plan.LeftAlone.Count > 0 ? "leave" : "-";
        }
    }

    [Fact]
    public void On_an_object_with_a_conflict_nothing_is_added_and_what_is_ours_still_goes()
    {
        var ours = new FactKey(FactKind.Grant, Table, "aud", "SELECT");
        var observed = Observed([new ObservedFact(ours, "", FactOwner.Ours)]) with { Conflicts = [new Shortfall(Table, "someone else's row rules")] };

        var plan = Build(new DesiredState([new DesiredFact(Key, "", "because")], []), observed);

        plan.Changes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            c => c.Verb.ShouldBe(ChangeVerb.Remove),
            c => c.Key.ShouldBe(ours));
        plan.Shortfalls.ShouldHaveSingleItem().Reason.ShouldBe("someone else's row rules");
    }

    // Somebody else's row rule stands on the object, so that its mask is not replaced by the one that is asked for.
    [Fact]
    public void A_mask_that_stays_in_place_of_another_keeps_what_it_rests_on_and_nobody_becomes_exempt_from_it()
    {
        var (mask, function, unused) = (new FactKey(FactKind.Mask, Table, "ssn"), new FactKey(FactKind.Support, null, "functions.mask_old"), new FactKey(FactKind.Support, null, "functions.mask_unused"));
        var (joins, leaves, elsewhere) = (new FactKey(FactKind.Exemption, null, "bob", "legal"), new FactKey(FactKind.Exemption, null, "cy", "legal"), new FactKey(FactKind.Exemption, null, "bob", "privacy"));
        var observed = Observed([.. ((FactKey[])[function, unused, leaves]).Select(static k => new ObservedFact(k, "", FactOwner.Ours)), new ObservedFact(mask, "mask_old, but for legal", FactOwner.Ours)])
            with { Conflicts = [new Shortfall(Table, "someone else's row rule")] };

        var plan = Build(new DesiredState([new DesiredFact(mask, "mask_new, but for privacy", "because"), .. ((FactKey[])[joins, elsewhere]).Select(static k => new DesiredFact(k, "", "because"))], []), observed);

        plan.Changes.Select(static c => (c.Verb, c.Key)).ShouldBe([(ChangeVerb.Remove, leaves), (ChangeVerb.Add, elsewhere), (ChangeVerb.Remove, unused)], ignoreOrder: true);
        plan.Shortfalls.ShouldContain(static s => s.Object.Equals(Table) && s.Reason.Contains("1 people wait", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"attributes":{"region":["EU"],"team":["a"]}}""", """{"attributes":{"region":["US"],"team":["b"]}}""", """{"attributes":{"team":["b"]}}""", null)]
    [InlineData("""{"attributes":{"region":["EU"]}}""", """{"attributes":{"region":["EU","US"]}}""", "{}", null)]
    [InlineData("""{"attributes":{"region":["EU"],"team":["a"]}}""", """{"attributes":{"region":["EU"],"team":["b"]}}""", """{"attributes":{"region":["EU"],"team":["b"]}}""", "told")]
    [InlineData("""{"attributes":{"region":["EU"]}}""", """{"attributes":{"region":["EU"]}}""", null, "the same")]
    [InlineData(null, """{"attributes":{"region":["US"]}}""", null, null)]
    [InlineData(null, """{"attributes":{"region":["US"],"team":["b"]}}""", """{"attributes":{"team":["b"]}}""", null)]
    public void What_a_row_rule_that_stays_in_place_of_another_asks_about_people_and_has_changed_is_told_to_no_rule(string? was, string becomes, string? told, string? nothingHeld)
    {
        var (rule, known) = (new FactKey(FactKind.RowRule, Table, "filter"), new FactKey(FactKind.Entitlement, null, "bob", "known"));
        var desired = new DesiredState([new DesiredFact(rule, "new: region in known.region, and not sensitive", "because"), new DesiredFact(known, becomes, "because")], []);
        ObservedState Observing(string? text) => Observed([new ObservedFact(rule, "old: region in known.region", FactOwner.Ours), .. text is null ? [] : (ObservedFact[])[new(known, text, FactOwner.Ours)]]) with { Conflicts = [new Shortfall(Table, "someone else's mask")] };

        var plan = Build(desired, Observing(was));

        plan.Changes.LastOrDefault(static c => c.Key.Kind == FactKind.Entitlement)?.Definition.ShouldBe(told);
        plan.Changes.Any(static c => c.Key.Kind == FactKind.Entitlement).ShouldBe(told is not null);
        plan.Shortfalls.Any(static s => s.Reason.Contains("(region)", StringComparison.Ordinal)).ShouldBe(nothingHeld is null);
        Build(desired, Observing(told ?? was)).Changes.ShouldBeEmpty("the second plan");
        Build(desired, Observing(told ?? was) with { Conflicts = [] }).Changes.Select(static c => c.Key).ShouldContain(rule);
    }

    // Somebody else's mask stands on a column, so that none of the object's is set: who joins what reads it would see another column in clear.
    [Fact]
    public void Nobody_joins_an_audience_that_reads_an_object_with_a_conflict_where_a_protection_is_lacking()
    {
        var grant = new FactKey(FactKind.Grant, Table, "aud", "SELECT");
        var (joins, other, mask) = (new FactKey(FactKind.Member, null, "aud", "bob"), new FactKey(FactKind.Member, null, "aud_other", "bob"), new FactKey(FactKind.Mask, Table, "ssn"));
        var observed = Observed([new ObservedFact(grant, "", FactOwner.Ours)]) with { Conflicts = [new Shortfall(Table, "someone else's mask")] };
        DesiredFact[] desired = [new(grant, "", "because"), new(joins, "", "because"), new(other, "", "because")];

        var plan = Build(new DesiredState([.. desired, new DesiredFact(mask, "NULL", "because")], []), observed);

        plan.Changes.ShouldHaveSingleItem().Key.ShouldBe(other);
        plan.Shortfalls.Select(static s => s.Reason).ShouldBe(["someone else's mask", "for that, nobody joins aud, which reads it: 1 people wait"]);

        // Set as it is asked for, or not asked for: a conflict about something else keeps nobody out.
        Build(new DesiredState(desired, []), observed).Changes.Select(static c => c.Key).ShouldBe([joins, other], ignoreOrder: true);
        var masked = observed with { Facts = [.. observed.Facts, new ObservedFact(mask, "NULL", FactOwner.Ours)] };
        Build(new DesiredState([.. desired, new DesiredFact(mask, "NULL", "because")], []), masked).Changes.Count.ShouldBe(2);
        Build(new DesiredState([.. desired, new DesiredFact(mask, "'***'", "because")], []), masked).Changes.ShouldHaveSingleItem().Key.ShouldBe(other);
    }

    [Fact]
    public void A_removed_foreign_grant_keeps_what_puts_it_back_and_who_made_it()
    {
        var observed = Observed([new ObservedFact(Key, "", FactOwner.Registered, "bob", "GRANT SELECT ON t TO ada")]);

        var change = Build(new DesiredState([], []), observed).Changes.ShouldHaveSingleItem();

        change.Restore.ShouldBe("GRANT SELECT ON t TO ada");
        change.MadeBy.ShouldBe("bob");
    }

    [Fact]
    public void Unregistered_readers_are_told_when_an_object_is_protected_for_the_first_time()
    {
        var rule = new DesiredFact(new FactKey(FactKind.RowRule, Table, "r"), "x", "because");
        var app = new Residual(Table, "app", "granted SELECT by postgres");
        var bare = Observed([]) with { UnregisteredReaders = [app] };
        var protectedBefore = Observed([new ObservedFact(new FactKey(FactKind.RowRule, Table, "q"), "y", FactOwner.Ours)]) with { UnregisteredReaders = [app] };

        Build(new DesiredState([rule], []), bare).UnregisteredReaders.ShouldBe([app]);
        Build(new DesiredState([rule], []), protectedBefore).UnregisteredReaders.ShouldBeEmpty();
        Build(new DesiredState([], []), bare).UnregisteredReaders.ShouldBeEmpty();
    }

    [Fact]
    public void The_impact_counts_pairs_lost_gained_and_uncovered()
    {
        var other = new ObjectPath("c", "d", "s", "u");
        ObservedFact Was(FactKind kind, ObjectPath? on, string subject, string detail = "") => new(new FactKey(kind, on, subject, detail), "", FactOwner.Ours);
        DesiredFact Shall(FactKind kind, ObjectPath? on, string subject, string detail = "") => new(new FactKey(kind, on, subject, detail), "", "because");
        var observed = Observed(
        [
            Was(FactKind.Audience, null, "a"), Was(FactKind.Member, null, "a", "ada"), Was(FactKind.Member, null, "a", "bob"),
            Was(FactKind.Grant, Table, "a", "SELECT"), Was(FactKind.RowRule, Table, "r"), Was(FactKind.Grant, other, "a", "SELECT"),
        ]);
        var desired = new DesiredState(
        [
            Shall(FactKind.Audience, null, "a"), Shall(FactKind.Member, null, "a", "ada"), Shall(FactKind.Member, null, "a", "cy"),
            Shall(FactKind.Grant, Table, "a", "SELECT"), Shall(FactKind.Grant, other, "a", "SELECT"),
        ], []);

        var impact = Build(desired, observed).Impact;

        impact.Before.ShouldBe(4);
        impact.Lost.ShouldBe(2, "bob leaves both tables");
        impact.Gained.ShouldBe(3, "cy begins on both, ada's rows of one are uncovered");
        impact.HeldLost.ShouldBe(0, "bob is one person");
        impact.HeldGained.ShouldBe(3);
        impact.Examples.ShouldContain(new ImpactExample("bob", other, true));
    }

    [Theory]
    [InlineData(25, 0, 100, false)]
    [InlineData(26, 0, 100, true)]
    [InlineData(0, 26, 0, true)]
    [InlineData(200, 0, 1_000, false)]
    [InlineData(201, 0, 1_000, true)]
    [InlineData(1_000, 0, 1_000_000, false)]
    [InlineData(1_001, 0, 1_000_000, true)]
    public void A_plan_waits_when_it_takes_or_uncovers_much(long lost, long gained, long pairs, bool waits) =>
        (PlanGuard.ReasonToWait(new PlanImpact(lost, gained, pairs, lost, gained, []), null, new ConnectionSettings()) is not null).ShouldBe(waits);

    [Fact]
    public void The_guard_s_limits_are_the_connection_s_where_it_has_some()
    {
        var impact = new PlanImpact(10, 10, 1_000, 10, 10, []);

        PlanGuard.ReasonToWait(impact, null, new ConnectionSettings { GuardMaxLost = 9 }).ShouldNotBeNull();
        PlanGuard.ReasonToWait(impact, null, new ConnectionSettings { GuardMaxGained = 9 }).ShouldNotBeNull();
        PlanGuard.ReasonToWait(impact, null, new ConnectionSettings { GuardMaxLost = 10, GuardMaxGained = 10 }).ShouldBeNull();
    }

    [Theory]
    [InlineData(ChangeVerb.Remove, FactKind.Member, "aud", "eve", true)]
    [InlineData(ChangeVerb.Remove, FactKind.Member, "aud", "ada", false)]
    [InlineData(ChangeVerb.Remove, FactKind.Member, "per_1", "ada", true)]
    [InlineData(ChangeVerb.Remove, FactKind.Grant, "per_1", "SELECT", true)]
    [InlineData(ChangeVerb.Remove, FactKind.Member, "aud", "fay", true)]
    [InlineData(ChangeVerb.Remove, FactKind.Grant, "eve", "SELECT", true)]
    [InlineData(ChangeVerb.Remove, FactKind.Grant, "fay", "SELECT", true)]
    [InlineData(ChangeVerb.Remove, FactKind.Grant, "aud", "SELECT", false)]
    [InlineData(ChangeVerb.Add, FactKind.Member, "aud", "eve", false)]
    [InlineData(ChangeVerb.Remove, FactKind.RowRule, "eve", "", false)]
    [InlineData(ChangeVerb.Remove, FactKind.Exemption, "ROLE", FactKey.FromAll, true)]
    [InlineData(ChangeVerb.Add, FactKind.Exemption, "ROLE", FactKey.FromAll, false)]
    [InlineData(ChangeVerb.Remove, FactKind.Exemption, "ada", "p", false)]
    public void What_disabled_and_deleted_people_lose_and_the_end_of_a_subscription_or_of_a_settings_exemption_never_wait(ChangeVerb verb, FactKind kind, string subject, string detail, bool isNeverHeld)
    {
        var change = new Change(ChangePhase.Revoke, verb, new FactKey(kind, Table, subject, detail), "", "because");

        var scope = new ImpactScope(3, new HashSet<string> { "eve" }, static s => s.StartsWith("per_", StringComparison.Ordinal)) { Departed = new HashSet<string> { "fay" } };

        PlanGuard.IsNeverHeld(change, scope).ShouldBe(isNeverHeld);
    }

    [Fact]
    public void The_end_of_a_direct_grant_never_waits_and_what_makes_room_for_another_waits_with_it()
    {
        var scope = new ImpactScope(3, new HashSet<string>(), static _ => false) { DirectGrants = new HashSet<FactKey> { Grant("ada"), Grant("bob"), Grant("dan") } };
        Change[] changes =
        [
            new(ChangePhase.Grant, ChangeVerb.Add, Grant("bob") with { Detail = "SELECT except [\"email\"]" }, "", "because"),
            new(ChangePhase.Grant, ChangeVerb.Add, new FactKey(FactKind.Member, null, "aud", "dan"), "", "because"),
            .. ((string[])["ada", "bob", "cy", "dan"]).Select(static p => new Change(ChangePhase.Revoke, ChangeVerb.Remove, Grant(p), "", "because")),
        ];

        PlanGuard.NeverHeld(changes, Observed([]), null, scope).Select(static c => c.Key).ShouldBe([Grant("ada")], "cy's was by a rule, bob reads on without a column, and dan by a rule");

        static FactKey Grant(string person) => new(FactKind.Grant, Table, person, "SELECT");
    }

    private static ObservedState Observed(IReadOnlyList<ObservedFact> facts) => new(facts, [], [], []);

    private static Plan Build(DesiredState desired, ObservedState observed, EnforcementMode mode = EnforcementMode.Sync) =>
        PlanBuilder.Build(desired, observed, mode, new ImpactScope(3, new HashSet<string>(), static _ => false));
}
