using System.Runtime.CompilerServices;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Engine.Enforcing;
using Sluice.Platforms;

namespace Sluice.Engine.Tests.Enforcing;

public sealed class PlanApplierTests
{
    private static readonly ObjectPath Table = new("pg", "shop", "public", "customers");
    private static readonly ObjectPath Other = new("pg", "shop", "public", "orders");

    private static readonly AccessIntent Nothing = new()
    {
        Prefix = "SLUICE", Objects = [], Identities = [], MembersOf = static (AccessRule _) => [],
    };

    private static readonly Change Rule = Of(ChangePhase.Protect, ChangeVerb.Add, FactKind.RowRule, Table, "rule");
    private static readonly Change Grant = Of(ChangePhase.Grant, ChangeVerb.Add, FactKind.Grant, Table, "aud_new");
    private static readonly Change GrantElsewhere = Of(ChangePhase.Grant, ChangeVerb.Add, FactKind.Grant, Other, "aud_new");
    private static readonly Change Revoke = Of(ChangePhase.Revoke, ChangeVerb.Remove, FactKind.Grant, Table, "aud_old");
    private static readonly Change Unprotect = Of(ChangePhase.Unprotect, ChangeVerb.Remove, FactKind.RowRule, Table, "rule_old");

    [Fact]
    public async Task Every_change_is_made_in_the_order_of_the_phases()
    {
        var (made, outcomes) = await ApplyAsync([Unprotect, Revoke, Grant, Rule]);

        made.ShouldBe([Rule, Grant, Revoke, Unprotect]);
        outcomes.ShouldAllBe(o => o.Error == null);
    }

    [Fact]
    public async Task Nothing_is_granted_or_uncovered_on_an_object_whose_protection_failed_and_the_rest_goes_on()
    {
        var (made, outcomes) = await ApplyAsync([Rule, Grant, GrantElsewhere, Revoke, Unprotect], (Rule, IsTransient: false));

        made.ShouldBe([Rule, GrantElsewhere, Revoke]);
        outcomes.Where(o => o.Error is not null).Select(o => o.Change).ShouldBe([Rule, Grant, Unprotect]);
    }

    [Fact]
    public async Task Access_is_taken_away_after_a_failure_for_good_and_waits_where_another_try_may_help()
    {
        (await ApplyAsync([Grant, Revoke], (Grant, IsTransient: false))).Made.ShouldBe([Grant, Revoke]);
        (await ApplyAsync([Grant, Revoke], (Grant, IsTransient: true))).Made.ShouldBe([Grant]);
    }

    [Fact]
    public async Task Whom_the_platform_does_not_know_keeps_no_stricter_rule_from_anybody_else()
    {
        var stricter = Of(ChangePhase.Know, ChangeVerb.Replace, FactKind.RowRule, Table, "rule");
        var late = Of(ChangePhase.LateGrant, ChangeVerb.Add, FactKind.Grant, Table, "aud_late");

        (await ApplyAsync([Grant, Revoke, stricter, Unprotect, late], (Grant, IsTransient: false))).Made.ShouldBe([Grant, Revoke, stricter, late, Unprotect], ignoreOrder: true);
    }

    [Fact]
    public async Task Nothing_is_uncovered_for_whom_a_grant_could_not_be_taken_from_yet()
    {
        var joins = Of(ChangePhase.Grant, ChangeVerb.Add, FactKind.Member, null, "aud_old", "ada");
        var leaves = Of(ChangePhase.Revoke, ChangeVerb.Remove, FactKind.Member, null, "aud_old", "zoe");
        var elsewhere = Unprotect with { Key = Unprotect.Key with { Object = Other } };
        var reading = new DesiredState([new DesiredFact(new FactKey(FactKind.Grant, Table, "aud_old"), "", "because")], []);

        // The revoke waits for another try of what failed, and so does what would show more to whom it is for.
        (await ApplyAsync([Grant, Revoke, Unprotect], (Grant, IsTransient: true))).Made.ShouldBe([Grant]);
        (await ApplyAsync([joins, Revoke, Unprotect, elsewhere], (joins, IsTransient: true))).Made.ShouldBe([joins, elsewhere]);

        // Somebody stays in an audience that reads it.
        var session = new RecordingSession([(leaves, IsTransient: false)]);
        await PlanApplier.ApplyAsync(session, Nothing, [leaves, Unprotect, elsewhere], reading, static _ => Task.CompletedTask, static _ => Task.CompletedTask, TestContext.Current.CancellationToken);
        session.Tried.ShouldBe([leaves, elsewhere]);
    }

    // Databricks reads no table whose mask calls a function that is gone.
    [Fact]
    public async Task What_a_rule_rests_on_stays_while_one_could_not_be_changed()
    {
        var replaced = Of(ChangePhase.Know, ChangeVerb.Replace, FactKind.Mask, Table, "email");
        var function = Of(ChangePhase.Clean, ChangeVerb.Remove, FactKind.Support, null, "functions.mask_old");
        var exempt = Of(ChangePhase.Clean, ChangeVerb.Remove, FactKind.Exemption, null, "ada", "p");
        var failing = Of(ChangePhase.Revoke, ChangeVerb.Remove, FactKind.Grant, Table, "aud_old");

        (await ApplyAsync([replaced, function, exempt], (replaced, IsTransient: false))).Made.ShouldBe([replaced]);
        (await ApplyAsync([replaced, function, exempt])).Made.ShouldBe([replaced, exempt, function], ignoreOrder: true);
        // Held back only, behind a revoke that failed.
        (await ApplyAsync([failing, Unprotect, function], (failing, IsTransient: false))).Made.ShouldBe([failing]);
    }

    [Fact]
    public async Task Nobody_passes_for_a_stranger_while_a_grant_could_not_be_taken()
    {
        var leaves = Of(ChangePhase.Revoke, ChangeVerb.Remove, FactKind.Grant, Table, "ada");
        var unknown = Of(ChangePhase.Clean, ChangeVerb.Remove, FactKind.Support, null, "ada", "registered");
        var other = Of(ChangePhase.Clean, ChangeVerb.Remove, FactKind.Support, null, "bob", "registered");

        (await ApplyAsync([leaves, unknown, other], (leaves, IsTransient: false))).Made.ShouldBe([leaves, other]);
        (await ApplyAsync([Rule, leaves, unknown, other], (Rule, IsTransient: true))).Made.ShouldBe([Rule]);
    }

    [Theory]
    [InlineData(ChangeVerb.Remove)]
    [InlineData(ChangeVerb.Replace)]
    public async Task What_a_rule_that_could_not_go_asks_of_people_is_not_forgotten(ChangeVerb verb)
    {
        var goes = Of(ChangePhase.Unprotect, ChangeVerb.Remove, FactKind.RowRule, Table, "rule");
        var forgotten = Of(ChangePhase.Clean, verb, FactKind.Entitlement, null, "ada", "known");

        (await ApplyAsync([goes, forgotten], (goes, IsTransient: false))).Made.ShouldBe([goes]);
    }

    [Fact]
    public async Task Nothing_new_is_known_of_people_while_a_rule_that_another_try_may_change_is_the_old_one()
    {
        var replaced = Of(ChangePhase.Know, ChangeVerb.Replace, FactKind.RowRule, Table, "rule");
        var moved = Of(ChangePhase.Know, ChangeVerb.Replace, FactKind.Entitlement, null, "ada", "known");
        var exemptNoMore = Of(ChangePhase.Know, ChangeVerb.Remove, FactKind.Exemption, null, "bob", "p");

        var early = Revoke with { Phase = ChangePhase.EarlyRevoke };

        (await ApplyAsync([early, replaced, moved, exemptNoMore], (early, IsTransient: true))).Made.ShouldBe([early, exemptNoMore]);
        (await ApplyAsync([early, replaced, moved, exemptNoMore], (early, IsTransient: false))).Made.ShouldBe([early, moved, exemptNoMore], ignoreOrder: true);
    }

    [Fact]
    public async Task A_failed_membership_holds_back_what_its_audience_and_its_person_would_gain()
    {
        var joins = Of(ChangePhase.Grant, ChangeVerb.Add, FactKind.Member, null, "aud_new", "ada");
        var late = Of(ChangePhase.LateGrant, ChangeVerb.Add, FactKind.Member, null, "aud_late", "ada");
        var someoneElse = Of(ChangePhase.LateGrant, ChangeVerb.Add, FactKind.Member, null, "aud_late", "bob");

        (await ApplyAsync([joins, late, someoneElse], (joins, IsTransient: false))).Made.ShouldBe([joins, someoneElse]);
    }

    [Fact]
    public async Task Nobody_joins_an_audience_that_reads_an_object_whose_protection_failed()
    {
        var mask = Of(ChangePhase.Know, ChangeVerb.Replace, FactKind.Mask, Table, "email");
        var joins = Of(ChangePhase.Grant, ChangeVerb.Add, FactKind.Member, null, "aud_new", "ada");
        var joinsLate = Of(ChangePhase.LateGrant, ChangeVerb.Add, FactKind.Member, null, "aud_new", "bob");
        var joinsOthers = Of(ChangePhase.Grant, ChangeVerb.Add, FactKind.Member, null, "aud_others", "ada");
        var leaves = Of(ChangePhase.Revoke, ChangeVerb.Remove, FactKind.Member, null, "aud_new", "cat");

        (await ApplyAsync([Rule, joins, joinsOthers, leaves], (Rule, IsTransient: false))).Made.ShouldBe([Rule, joinsOthers, leaves]);
        (await ApplyAsync([mask, joinsLate], (mask, IsTransient: false))).Made.ShouldBe([mask]);
    }

    [Fact]
    public async Task Nobody_joins_an_audience_that_still_reads_an_object_whose_protection_failed()
    {
        var joins = Of(ChangePhase.Grant, ChangeVerb.Add, FactKind.Member, null, "aud_old", "ada");

        (await ApplyAsync([Rule, joins, Revoke], (Rule, IsTransient: false))).Made.ShouldBe([Rule, Revoke]);
    }

    [Theory]
    [InlineData(FactKind.Exemption)]
    [InlineData(FactKind.Entitlement)]
    public async Task While_the_old_is_known_of_somebody_no_audience_they_may_belong_to_gains_anything_and_nothing_is_uncovered(FactKind kind)
    {
        var known = Of(ChangePhase.Know, ChangeVerb.Remove, kind, null, "ada", "p");
        var late = Of(ChangePhase.LateGrant, ChangeVerb.Add, FactKind.Grant, Other, "aud_late");

        (await ApplyAsync([known, late, Revoke, Unprotect], (known, IsTransient: false))).Made.ShouldBe([known, Revoke]);
    }

    [Fact]
    public async Task While_somebody_is_left_alone_still_nobody_is_granted_anything()
    {
        var protectedAgain = Of(ChangePhase.Prepare, ChangeVerb.Remove, FactKind.Exemption, null, "ROLE", FactKey.FromAll);

        (await ApplyAsync([protectedAgain, Rule, GrantElsewhere, Revoke], (protectedAgain, IsTransient: false))).Made.ShouldBe([protectedAgain, Rule, Revoke]);
    }

    [Fact]
    public async Task Nobody_is_left_alone_while_something_could_not_be_taken_or_protected()
    {
        var leftAlone = Of(ChangePhase.Clean, ChangeVerb.Add, FactKind.Exemption, null, "ROLE", FactKey.FromAll);

        (await ApplyAsync([Revoke, leftAlone], (Revoke, IsTransient: false))).Made.ShouldBe([Revoke]);
        (await ApplyAsync([Rule, leftAlone], (Rule, IsTransient: false))).Made.ShouldBe([Rule]);
        (await ApplyAsync([Grant, leftAlone], (Grant, IsTransient: false))).Made.ShouldBe([Grant, leftAlone]);
    }

    [Fact]
    public async Task Without_its_support_nothing_that_grants_is_made()
    {
        var support = Of(ChangePhase.Prepare, ChangeVerb.Add, FactKind.Support, null, "sluice");

        (await ApplyAsync([support, GrantElsewhere], (support, IsTransient: true))).Made.ShouldBe([support]);
    }

    [Fact]
    public async Task Nothing_waits_for_what_something_stricter_stands_in_for()
    {
        var support = Of(ChangePhase.Prepare, ChangeVerb.Add, FactKind.Support, null, "sluice");
        var session = new RecordingSession([(support, IsTransient: false)]) { IsContained = true };

        var outcomes = await PlanApplier.ApplyAsync(session, Nothing, [support, Grant], desired: null, static _ => Task.CompletedTask, static _ => Task.CompletedTask, TestContext.Current.CancellationToken);

        session.Tried.ShouldBe([support, Grant]);
        outcomes.Where(o => o.Error is not null).Select(o => o.Change).ShouldBe([support]);
    }

    [Fact]
    public async Task A_change_that_the_platform_tells_nothing_of_is_not_done()
    {
        var session = new RecordingSession([], forgets: Grant);

        var outcomes = await PlanApplier.ApplyAsync(session, Nothing, [Grant], desired: null, static _ => Task.CompletedTask, static _ => Task.CompletedTask, TestContext.Current.CancellationToken);

        outcomes.ShouldHaveSingleItem().Error.ShouldNotBeNull();
    }

    private static DesiredState Desired => new([new DesiredFact(Grant.Key, "", "because")], []);

    private static async Task<(IReadOnlyList<Change> Made, IReadOnlyList<ChangeOutcome> Outcomes)> ApplyAsync(
        IReadOnlyList<Change> changes, params (Change Change, bool IsTransient)[] failing)
    {
        var session = new RecordingSession(failing);
        var told = new List<ChangeOutcome>();
        var outcomes = await PlanApplier.ApplyAsync(
            session, Nothing, changes, Desired,
            static _ => Task.CompletedTask,
            outcome =>
            {
                told.Add(outcome);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        told.ShouldBe(outcomes);
        return (session.Tried, outcomes);
    }

    private static Change Of(ChangePhase phase, ChangeVerb verb, FactKind kind, ObjectPath? on, string subject, string detail = "") =>
        new(phase, verb, new FactKey(kind, on, subject, detail), "", "because");

    private sealed class RecordingSession((Change Change, bool IsTransient)[] failing, Change? forgets = null) : IAppliesChanges
    {
        public List<Change> Tried { get; } = [];

        public bool IsContained { get; init; }

        public async IAsyncEnumerable<ChangeOutcome> ApplyAsync(
            AccessIntent intent, IReadOnlyList<Change> phase, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var change in phase)
            {
                await Task.Yield();
                Tried.Add(change);
                if (change == forgets) continue;
                var failure = failing.Where(f => f.Change == change).ToList();
                yield return new ChangeOutcome(change, failure.Count > 0 ? "refused" : null, failure.Count > 0 && failure[0].IsTransient) { IsContained = IsContained };
            }
        }
    }
}
