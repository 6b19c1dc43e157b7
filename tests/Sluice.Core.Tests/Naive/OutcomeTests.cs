using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Testing.Naive;
using static Sluice.Core.Tests.Naive.Scene;

namespace Sluice.Core.Tests.Naive;

/// <summary>The outcomes of a cell, as platforms can and can't bring them about.</summary>
public sealed class OutcomeTests
{
    private static readonly SubscriptionPolicy Anyone = Kind(SubscriptionKind.Anyone);
    private static readonly DataPolicy HashSsn = Rules(Mask("ssn", new MaskFunction.Hash(), Is(Column("region"), "US")) with { Exceptions = Except("A") });
    private static readonly DataPolicy OnlyUs = Rules(Rows(Is(Column("region"), "US")) with { Exceptions = Except("A") });

    [Fact]
    public void Without_native_masks_a_column_with_a_conditional_mask_is_refused_whatever_the_row() =>
        (new Scene(Anyone, HashSsn).Outcome("ssn"), new Scene(Anyone, HashSsn).Outcome("ssn", new(HasNativeMasks: false)))
            .ShouldBe((new CellOutcome.Clear(), new CellOutcome.ColumnRefused()));

    [Fact]
    public void Without_native_masks_the_exempt_read_the_column() =>
        new Scene(Anyone, HashSsn) { Person = In("A") }.Outcome("ssn", new(HasNativeMasks: false)).ShouldBe(new CellOutcome.Clear());

    [Fact]
    public void Without_row_filters_who_is_not_exempt_from_every_row_rule_is_not_subscribed()
    {
        var scene = new Scene(Anyone, OnlyUs, Rules(Rows(new Predicate.Constant(true)) with { Exceptions = Except("B") }));

        scene.Outcome("id").ShouldBe(new CellOutcome.RowAbsent());
        (scene with { Person = In("A") }).Outcome("id", new(HasRowFilters: false)).ShouldBe(new CellOutcome.NotSubscribed());
        (scene with { Person = In("A", "B") }).Outcome("id", new(HasRowFilters: false)).ShouldBe(new CellOutcome.Clear());
    }

    [Fact]
    public void A_shared_identity_gets_the_intersection_and_the_strictest_mask()
    {
        var always = Rules(Mask("ssn", new MaskFunction.Hash()) with { Exceptions = Except("A") }, Mask("ssn", new MaskFunction.Constant("x")) with { Exceptions = Except("B") });
        var scene = new Scene(Group("A"), Group("B"), always);

        Shared(scene, In("A"), In("A")).ShouldBe(new CellOutcome.Masked(new MaskFunction.Constant("x")));
        Shared(scene, In("A"), In("B")).ShouldBe(new CellOutcome.Masked(new MaskFunction.Constant("x")));
        Shared(scene, In("A", "B"), In("B")).ShouldBe(new CellOutcome.Masked(new MaskFunction.Hash()));
        Shared(scene, In("A", "B"), In("C")).ShouldBe(new CellOutcome.NotSubscribed());
        Shared(scene, In("A"), In("A") with { IsEnabled = false }).ShouldBe(new CellOutcome.NotSubscribed());
        Shared(scene).ShouldBe(new CellOutcome.NotSubscribed());
    }

    [Theory]
    [InlineData(UnregisteredBehaviour.Protect, false)]
    [InlineData(UnregisteredBehaviour.Pass, true)]
    public void Who_is_not_registered_is_treated_as_not_exempt_or_let_pass(UnregisteredBehaviour behaviour, bool isLetPass)
    {
        var masked = new Scene(Rules(Mask("ssn", new MaskFunction.Null()))) { Unregistered = behaviour };
        var filtered = new Scene(Rules(Rows(new Predicate.Not(new Predicate.InGroups(["A"]))))) { Unregistered = behaviour };

        var (clear, absent) = (new CellOutcome.Clear(), new CellOutcome.RowAbsent());
        masked.Naive.OutcomeOfUnregistered(masked.Object, "ssn", masked.Row, Capabilities.All)
            .ShouldBe(isLetPass ? clear : new CellOutcome.Masked(new MaskFunction.Null()));
        filtered.Naive.OutcomeOfUnregistered(filtered.Object, "ssn", filtered.Row, Capabilities.All).ShouldBe(isLetPass ? clear : (CellOutcome)absent);
    }

    private static CellOutcome Shared(Scene scene, params Core.People.Person[] holders) =>
        scene.Naive.OutcomeOf(holders, scene.Object, "ssn", scene.Row, Capabilities.All);
}
