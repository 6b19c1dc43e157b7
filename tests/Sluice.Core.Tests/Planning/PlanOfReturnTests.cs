using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Core.Tests.Planning;

public sealed class PlanOfReturnTests
{
    private static readonly ObjectPath Table = new("pg", "shop", "public", "customers");
    private static readonly ImpactScope Scope = new(3, new HashSet<string>(), static _ => false);
    private static readonly FactKey Audience = new(FactKind.Audience, null, "sluice_aud_1");
    private static readonly FactKey Member = new(FactKind.Member, null, "sluice_aud_1", "ada");
    private static readonly FactKey Ours = new(FactKind.Grant, Table, "sluice_aud_1", "SELECT");
    private static readonly FactKey Rule = new(FactKind.RowRule, Table, "sluice_row_1");
    private static readonly FactKey OfEve = new(FactKind.Grant, Table, "eve", "SELECT");
    private static readonly FactKey OfMallory = new(FactKind.Grant, Table, "mallory", "SELECT");

    [Fact]
    public void What_is_ours_goes_grants_before_protections_and_what_others_made_stays()
    {
        var plan = PlanOfReturn.Of(Observed(), [], Scope);

        plan.Changes.ShouldAllBe(c => c.Verb == ChangeVerb.Remove);
        plan.Changes.Select(c => c.Key).ShouldBe([Member, Ours, Rule, Audience]);
    }

    [Fact]
    public void A_grant_is_put_back_before_anything_is_taken_away()
    {
        var plan = PlanOfReturn.Of(Observed(), [PutBack(OfMallory)], Scope);

        plan.Changes[0].ShouldBe(PutBack(OfMallory));
        plan.Changes.Skip(1).Select(c => c.Key).ShouldBe([Member, Ours, Rule, Audience]);
    }

    [Fact]
    public void A_grant_that_is_back_already_is_not_put_back_again() =>
        PlanOfReturn.Of(Observed(), [PutBack(OfEve)], Scope).Changes.ShouldNotContain(c => c.Key == OfEve);

    [Fact]
    public void A_conflict_keeps_nothing_of_ours_there() =>
        PlanOfReturn.Of(Observed() with { Conflicts = [new Shortfall(Table, "another instance's")] }, [PutBack(OfMallory)], Scope).Changes.Count.ShouldBe(5);

    [Fact]
    public void A_plan_that_only_puts_back_tells_who_gains_what()
    {
        var plan = PlanOfReturn.Of([PutBack(OfMallory), PutBack(OfMallory with { Detail = "INSERT" })]);

        plan.Changes.Count.ShouldBe(2);
        plan.Impact.Gained.ShouldBe(1);
        plan.Impact.Examples.ShouldBe([new ImpactExample("mallory", Table, IsLost: false)]);
    }

    private static Change Added(FactKey key) => new(ChangePhase.Grant, ChangeVerb.Add, key, "", "a policy");

    private static Change PutBack(FactKey key) => Added(key) with { Restore = "GRANT", MadeBy = "owner" };

    private static ObservedState Observed() => new(
        [
            new ObservedFact(Audience, "", FactOwner.Ours),
            new ObservedFact(Member, "", FactOwner.Ours),
            new ObservedFact(Ours, "", FactOwner.Ours),
            new ObservedFact(Rule, "true", FactOwner.Ours),
            new ObservedFact(OfEve, "", FactOwner.Registered, "owner", "GRANT"),
        ],
        [], [], []);
}
