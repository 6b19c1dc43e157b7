using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;

namespace Sluice.Core.Tests.Planning;

/// <summary>What of a plan comes of some objects, and what of it would be done anyway.</summary>
public sealed class PlanPartTests
{
    private static readonly ObjectPath Schema = new("c", "d", "s");
    private static readonly ObjectPath Table = Schema.Child("t");
    private static readonly ObjectPath Other = Schema.Child("u");
    private static readonly ObjectPath Elsewhere = new("c", "d", "z", "t");
    private static readonly ImpactScope Counting = new(3, new HashSet<string>(), static _ => false);

    [Fact]
    public void Every_change_on_the_objects_belongs_to_it_and_what_is_done_elsewhere_anyway_does_not()
    {
        var observed = Observed(Granted(Table, "ada"), Granted(Other, "ada"), Granted(Elsewhere, "ada"));

        var part = Part(desired: [], asIs: [], observed);

        part.Changes.Select(static c => c.Key).ShouldBe([Key(Table, "ada")]);
        (part.Impact.Lost, part.Impact.Before).ShouldBe((1, 1));
    }

    [Fact]
    public void What_the_change_alone_brings_about_elsewhere_belongs_to_it()
    {
        var way = new FactKey(FactKind.Grant, Schema, "bob", "USE SCHEMA");
        var member = new FactKey(FactKind.Member, null, "other", "bob");

        var part = Part(desired: [way, member, Key(Elsewhere, "cat")], asIs: [Key(Elsewhere, "cat")], Observed());

        part.Changes.Select(static c => c.Key).ShouldBe([member, way], ignoreOrder: true);
    }

    [Fact]
    public void Who_is_about_to_join_an_audience_that_is_granted_on_the_objects_belongs_to_it_whatever_the_reason()
    {
        var (audience, member, way) = (new FactKey(FactKind.Audience, null, "aud"), new FactKey(FactKind.Member, null, "aud", "ada"), new FactKey(FactKind.Grant, Schema, "aud", "USAGE"));
        var stranger = new FactKey(FactKind.Member, null, "other", "ada");
        DesiredFact[] anyway = [.. new[] { audience, member, way, stranger, Key(Elsewhere, "aud") }.Select(Fact)];

        var part = Part([.. anyway, Fact(Key(Table, "aud"))], anyway, Observed(Granted(Table, "ada")));

        part.Changes.Select(static c => (c.Verb, c.Key)).ShouldBe(
            [(ChangeVerb.Add, audience), (ChangeVerb.Add, member), (ChangeVerb.Add, way), (ChangeVerb.Add, Key(Table, "aud")), (ChangeVerb.Remove, Key(Table, "ada"))], ignoreOrder: true);
        part.Impact.Lost.ShouldBe(0, "Ada loses a grant of her own and reads by the audience");
    }

    [Fact]
    public void Residuals_are_those_of_the_objects_and_of_what_lies_above_them()
    {
        Residual[] all = [new(Table, "ada", "a group"), new(Schema, "ada", "the schema"), new(Other, "ada", "a group"), new(Elsewhere, "ada", "a group")];
        var observed = Observed() with { Residuals = all, Conflicts = [new Shortfall(Other, "theirs"), new Shortfall(Table, "theirs")] };

        var part = Part(desired: [], asIs: [], observed);

        part.Residuals.ShouldBe([all[0], all[1]]);
        part.Shortfalls.ShouldHaveSingleItem().Object.ShouldBe(Table);
    }

    [Fact]
    public void Who_is_not_registered_and_meets_a_first_mask_of_the_objects_is_told()
    {
        Residual[] all = [new(Table, "app", "granted"), new(Other, "app", "granted")];
        var observed = Observed() with { UnregisteredReaders = all };
        DesiredFact[] masks = [.. new[] { Table, Other }.Select(static on => Fact(new FactKey(FactKind.Mask, on, "email")))];

        var part = Part(masks, [masks[1]], observed);

        part.UnregisteredReaders.ShouldBe([all[0]]);
        part.Changes.ShouldHaveSingleItem().Key.Object.ShouldBe(Table);
    }

    [Fact]
    public void A_mode_that_takes_nothing_from_others_leaves_it_and_says_so()
    {
        var part = Part(Array.Empty<DesiredFact>(), [], Observed(Granted(Table, "ada"), Granted(Other, "ada")), EnforcementMode.UpsertOnly);

        part.Changes.ShouldBeEmpty();
        part.LeftAlone.ShouldHaveSingleItem().Key.ShouldBe(Key(Table, "ada"));
    }

    private static Plan Part(FactKey[] desired, FactKey[] asIs, ObservedState observed) => Part([.. desired.Select(Fact)], [.. asIs.Select(Fact)], observed);

    private static Plan Part(DesiredFact[] desired, DesiredFact[] asIs, ObservedState observed, EnforcementMode mode = EnforcementMode.Sync)
    {
        var wanted = new DesiredState(desired, []);
        return PlanPart.Of(
            PlanBuilder.Build(wanted, observed, mode, Counting), PlanBuilder.Build(new DesiredState(asIs, []), observed, mode, Counting), new ConcernedObjects([Table]), wanted, observed, Counting);
    }

    private static DesiredFact Fact(FactKey key) => new(key, "", "because");

    private static FactKey Key(ObjectPath on, string who) => new(FactKind.Grant, on, who, "SELECT");

    private static ObservedFact Granted(ObjectPath on, string who) => new(Key(on, who), "", FactOwner.Registered, "root", "GRANT");

    private static ObservedState Observed(params ObservedFact[] facts) => new(facts, [], [], []);
}
