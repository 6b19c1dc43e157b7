using CsCheck;
using Sluice.Core.Policies;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Core.Tests.Naive;

/// <summary>The laws that policies.md states, on generated worlds.</summary>
public sealed class LawTests
{
    private static readonly CaseGenerator Cases = new();
    private static readonly AccessKind[] Accesses = Enum.GetValues<AccessKind>();

    [Fact]
    public void Adding_a_data_policy_never_lowers_a_cell_and_never_uncovers_one() =>
        Gen.Select(Cases, Cases).Sample((world, other) =>
        {
            var after = world with { Policies = [.. world.Policies, .. other.Policies.OfType<DataPolicy>().Take(1)] };
            foreach (var capabilities in Every)
            {
                foreach (var (governed, column, row) in world.Cells())
                {
                    foreach (var person in world.People.People)
                    {
                        var now = after.Naive().OutcomeOf(person, governed, column, row, capabilities);
                        Rank(now).ShouldBeGreaterThanOrEqualTo(Rank(world.Naive().OutcomeOf(person, governed, column, row, capabilities)));
                    }
                }
            }
        }, iter: 300);

    [Fact]
    public void The_order_of_policies_means_nothing() =>
        Cases.Sample(world =>
        {
            var turned = world with { Policies = world.Policies.Reverse().ToValueList() };
            foreach (var (governed, column, row) in world.Cells())
            {
                foreach (var person in world.People.People)
                {
                    turned.Naive().OutcomeOf(person, governed, column, row, Capabilities.All)
                        .ShouldBe(world.Naive().OutcomeOf(person, governed, column, row, Capabilities.All));
                }
            }
        }, iter: 300);

    [Fact]
    public void Adding_a_guardrail_never_adds_a_reader() =>
        Gen.Select(Cases, Cases).Sample((world, other) =>
        {
            var guardrails = other.Policies.OfType<SubscriptionPolicy>().Select(Policy (p) => p with { Mode = SubscriptionMode.Guardrail });
            var after = world with { Policies = [.. world.Policies, .. guardrails] };
            NobodyGains(world, after);
        }, iter: 500);

    [Fact]
    public void An_expired_subscription_is_as_an_absent_one() =>
        Cases.Sample(world =>
        {
            var expired = world with { Subscriptions = world.Subscriptions.Select(s => s with { ExpiresAt = world.Now }).ToValueList() };
            SameReaders(expired, world with { Subscriptions = [] });
        }, iter: 500);

    [Fact]
    public void A_staged_policy_is_as_an_absent_one() =>
        Cases.Sample(world =>
        {
            var without = world with { Policies = world.Policies.Where(p => !p.IsStaged).ToValueList() };
            SameReaders(world, without);
            foreach (var (governed, column, row) in world.Cells())
            {
                foreach (var person in world.People.People)
                {
                    world.Naive().OutcomeOf(person, governed, column, row, Capabilities.All)
                        .ShouldBe(without.Naive().OutcomeOf(person, governed, column, row, Capabilities.All));
                }
            }
        }, iter: 200);

    [Fact]
    public void A_disabled_person_is_subscribed_to_nothing() =>
        Cases.Sample(world =>
        {
            foreach (var person in world.People.People)
            {
                foreach (var governed in world.Governed)
                    foreach (var access in Accesses) world.Naive().IsSubscribed(person with { IsEnabled = false }, governed, access).ShouldBeFalse();
            }
        }, iter: 200);

    [Fact]
    public void A_shared_identity_never_gets_more_than_its_least_entitled_holder() =>
        Gen.Select(Cases, Gen.Int[0, 7], Gen.Int[0, 7]).Sample((world, first, second) =>
        {
            var people = world.People.People;
            var (one, other) = (people[first % people.Count], people[second % people.Count]);
            foreach (var capabilities in Every)
            {
                foreach (var (governed, column, row) in world.Cells())
                {
                    var shared = Rank(world.Naive().OutcomeOf([one, other], governed, column, row, capabilities));
                    shared.ShouldBeGreaterThanOrEqualTo(Rank(world.Naive().OutcomeOf(one, governed, column, row, capabilities)));
                    shared.ShouldBeGreaterThanOrEqualTo(Rank(world.Naive().OutcomeOf(other, governed, column, row, capabilities)));
                }
            }
        }, iter: 300);

    [Fact]
    public void A_platform_that_can_do_less_shows_less() =>
        Cases.Sample(world =>
        {
            foreach (var capabilities in Every)
            {
                foreach (var (governed, column, row) in world.Cells())
                {
                    foreach (var person in world.People.People)
                    {
                        var able = Rank(world.Naive().OutcomeOf(person, governed, column, row, Capabilities.All));
                        Rank(world.Naive().OutcomeOf(person, governed, column, row, capabilities)).ShouldBeGreaterThanOrEqualTo(able);
                    }
                }
            }
        }, iter: 200);

    [Fact]
    public void Composed_masks_depend_on_no_order_and_on_no_repetition() =>
        Gen.Select(Masks.Any.Array[1, 6], Gen.Enum<ColumnKind>(), Gen.UInt).Sample((masks, kind, seed) =>
        {
            var composed = NaiveMasks.Compose(kind, masks);
            var shuffled = (MaskFunction[])masks.Clone();
            new Random((int)(seed % int.MaxValue)).Shuffle(shuffled);
            NaiveMasks.Compose(kind, [.. shuffled, .. masks]).ShouldBe(composed);
        });

    [Fact]
    public void A_composed_mask_is_at_least_as_strict_as_each_of_its_masks() =>
        Gen.Select(Masks.Any.Array[1, 6], Gen.Enum<ColumnKind>()).Sample((masks, kind) =>
        {
            var composed = NaiveMasks.Strictness(NaiveMasks.Compose(kind, masks));
            foreach (var mask in masks) composed.ShouldBeGreaterThanOrEqualTo(NaiveMasks.Strictness(mask));
        });

    private static readonly Capabilities[] Every =
        [Capabilities.All, new(HasNativeMasks: false), new(HasRowFilters: false), new(HasNativeMasks: false, HasRowFilters: false)];

    /// <summary>How little an outcome gives away: from clear over the masks to a column, a row and an object that can't be read.</summary>
    private static (int Kind, int Rank) Rank(CellOutcome outcome) => outcome switch
    {
        CellOutcome.Clear => (0, 0),
        CellOutcome.Masked(var mask) => NaiveMasks.Strictness(mask),
        CellOutcome.RowAbsent => (7, 0),
        CellOutcome.ColumnRefused => (8, 0),
        CellOutcome.NotSubscribed => (9, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static void NobodyGains(World before, World after)
    {
        foreach (var (personId, path, access) in Readers(after)) Readers(before).ShouldContain((personId, path, access));
    }

    private static void SameReaders(World one, World other) => Readers(one).ShouldBe(Readers(other), ignoreOrder: true);

    private static List<(string PersonId, string Path, AccessKind Access)> Readers(World world) =>
    [
        .. from person in world.People.People
           from governed in world.Governed
           from access in Accesses
           where world.Naive().IsSubscribed(person, governed, access)
           select (person.Id, governed.Path.ToString(), access),
    ];
}
