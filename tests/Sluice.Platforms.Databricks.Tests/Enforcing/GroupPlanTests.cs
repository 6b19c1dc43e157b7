using System.Numerics;
using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;
using AccessCompiler = Sluice.Platforms.Databricks.Enforcing.AccessCompiler;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Which audiences are account groups, and what is granted then.</summary>
public sealed class GroupPlanTests
{
    private static readonly AccessRule Sales = People.Rule("Sales"), Clerks = People.Rule("Clerks");
    private static readonly string SalesGroup = $"SLUICE_c0ffee_aud_{Sales.Id.Value}";

    private static readonly Gen<GroupPlan.Candidate> Any = Gen.Select(
        Gen.Int[1, 300], Gen.Int[3, 20], Gen.Bool, Gen.Int[0, 1_000_000], static (members, securables, isThere, id) => new GroupPlan.Candidate(new AudienceId($"{id:x40}"), members, securables, isThere));

    private static readonly Gen<GroupPlan.Candidate[]> Several = Any.Array[0, 12].Select(static all => all.DistinctBy(static c => c.Id).ToArray());

    [Fact]
    public void The_same_audiences_are_chosen_in_whatever_order_they_come() => Gen.Select(Several, Gen.Int[0, 8], Gen.Int[0, int.MaxValue]).Sample(static (all, budget, seed) =>
    {
        var shuffled = all.ToArray();
        new Random(seed).Shuffle(shuffled);
        GroupPlan.Choose(budget, shuffled).ShouldBe(GroupPlan.Choose(budget, all));
    });

    [Fact]
    public void No_more_than_the_budget_and_none_that_takes_more_entries_than_names() => Gen.Select(Several, Gen.Int[0, 8]).Sample(static (all, budget) =>
    {
        var chosen = GroupPlan.Choose(budget, all).ToHashSet();
        chosen.Count.ShouldBe(Math.Min(budget, all.Count(static c => c.Members + c.Securables < c.Members * c.Securables)));
        all.ShouldAllBe(c => !chosen.Contains(c.Id) || c.Members + c.Securables < c.Members * c.Securables);
    });

    [Fact]
    public void Whoever_has_no_group_is_less_than_four_times_as_large_as_whoever_has_one() => Gen.Select(Several, Gen.Int[0, 8]).Sample(static (all, budget) =>
    {
        var chosen = GroupPlan.Choose(budget, all).ToHashSet();
        foreach (var left in all.Where(c => !chosen.Contains(c.Id) && GroupPlan.IsShorter(c.Members, c.Securables)))
            all.ShouldAllBe(c => !chosen.Contains(c.Id) || left.Members < c.Members * 4);
    });

    [Fact]
    public void What_was_chosen_stays_chosen_once_it_is_there() => Gen.Select(Several, Gen.Int[0, 8]).Sample(static (all, budget) =>
    {
        var chosen = GroupPlan.Choose(budget, all).ToHashSet();
        var after = all.Select(c => c with { IsThere = chosen.Contains(c.Id) });
        GroupPlan.Choose(budget, after).ShouldBe(chosen, ignoreOrder: true);
    });

    [Fact]
    public void Of_two_that_are_about_as_large_the_one_that_is_there_keeps_its_place() => Gen.Select(Gen.Int[2, 200], Gen.Int[2, 200], Gen.Bool).Sample(static (members, others, isFirst) =>
    {
        if (BitOperations.Log2((uint)others) > BitOperations.Log2((uint)members) + 1) return;
        var (one, other) = (new AudienceId(new string(isFirst ? 'a' : 'c', 40)), new AudienceId(new string('b', 40)));
        GroupPlan.Choose(1, [new(one, members, 9, true), new(other, others, 9, false)]).ShouldBe([one]);
    });

    [Fact]
    public void The_largest_audience_takes_the_place_and_the_others_are_granted_by_name()
    {
        IdentityHolders[] people = [Person(Ann, "Sales", "Clerks"), Person(Bob, "Sales"), Person(Cat, "Sales"), Person("dan@acme.example", "Sales"), Person("eve@acme.example", "Clerks")];
        var invoices = Lines.Parent!.Child("invoices");

        var desired = AccessCompiler.Compile(Intent(people, Object(Readable(Sales)), Object(Readable(Clerks), invoices)).Grouped(1));

        Texts(desired).ShouldBe(
        [
            $"Audience  {SalesGroup} ",
            .. ((string[])[Ann, Bob, Cat, "dan@acme.example"]).Select(m => $"Member  {SalesGroup} {m}"),
            $"Grant sales {SalesGroup} USE_CATALOG",
            $"Grant sales {Ann} USE_CATALOG",
            "Grant sales eve@acme.example USE_CATALOG",
            $"Grant sales.orders {SalesGroup} USE_SCHEMA",
            $"Grant sales.orders {Ann} USE_SCHEMA",
            "Grant sales.orders eve@acme.example USE_SCHEMA",
            $"Grant sales.orders.invoices {Ann} SELECT",
            "Grant sales.orders.invoices eve@acme.example SELECT",
            $"Grant sales.orders.lines {SalesGroup} SELECT",
        ]);
        desired.Facts.ShouldAllBe(static f => f.Definition.Length == 0 && !f.IsDirect);
    }

    [Fact]
    public void Whoever_reads_and_writes_by_one_rule_does_so_by_one_group()
    {
        var desired = AccessCompiler.Compile(Intent([Person(Ann, "Sales"), Person(Bob, "Sales")], Object(Readable(Sales, Sales))).Grouped(5));

        desired.Facts.Where(static f => f.Key.Kind == FactKind.Audience).ShouldHaveSingleItem();
        desired.Facts.Where(static f => f.Key is { Kind: FactKind.Grant, Object.Depth: 3 }).Select(static f => f.Key.Detail).ShouldBe(["SELECT", "MODIFY"]);
    }

    [Fact]
    public void What_only_a_subscription_gives_is_granted_by_name()
    {
        var desired = AccessCompiler.Compile(Intent([Person(Ann, "Sales"), Person(Bob, "Sales"), Person(Cat)], Object(Readable(Sales)) with { DirectReaders = [Ann, Cat] }).Grouped(5));

        desired.Facts.Where(static f => f.Key is { Kind: FactKind.Grant, Object.Depth: 3 }).Select(static f => (f.Key.Subject, f.IsDirect)).ShouldBe([(SalesGroup, false), (Cat, true)]);
        desired.Facts.Where(static f => f.Key.Kind == FactKind.Member).Select(static f => f.Key.Detail).ShouldBe([Ann, Bob]);
    }

    // A user name is an address: whatever its case, it is one user's.
    [Fact]
    public void Names_that_differ_in_their_case_are_one_member()
    {
        var desired = AccessCompiler.Compile(Intent([Person("Ann@acme.example", "Sales"), Person(Ann, "Sales"), Person(Bob, "Sales")], Object(Readable(Sales))).Grouped(5));

        desired.Facts.Where(static f => f.Key.Kind == FactKind.Member).Select(static f => f.Key.Detail).ShouldBe(["Ann@acme.example", Bob]);
    }

    [Theory]
    [InlineData(0, "c0ffee")]
    [InlineData(5, "")]
    public void Without_a_budget_or_a_name_of_its_own_a_connection_has_no_groups(int budget, string scope)
    {
        var intent = Intent([Person(Ann, "Sales"), Person(Bob, "Sales")], Object(Readable(Sales))) with { GroupBudget = budget, Scope = scope };

        AccessCompiler.Compile(intent).Facts.ShouldBe(AccessCompiler.Compile(intent with { GroupBudget = 0, Scope = "" }).Facts);
    }

    // The limits are documented: https://docs.databricks.com/api/scim/v1/patch-account-group.
    [Fact]
    public void Names_and_marks_fit_and_a_mark_is_of_one_instance_and_one_group()
    {
        var longest = new GroupNames(new string('P', 20), new string('f', 16));
        longest.Audience(new AudienceId(new string('0', 40))).Length.ShouldBeLessThan(255);

        GroupMark mine = new(new InstanceMark(new string('a', 64))), theirs = new(new InstanceMark("b"));
        mine.Of(SalesGroup).Length.ShouldBeLessThanOrEqualTo(64);
        mine.IsOn(SalesGroup, mine.Of(SalesGroup)).ShouldBeTrue();
        mine.IsOn(SalesGroup, theirs.Of(SalesGroup)).ShouldBeFalse();
        mine.IsOn(SalesGroup, mine.Of("another")).ShouldBeFalse();
        mine.IsOn(SalesGroup, null).ShouldBeFalse();
    }

    private static IEnumerable<string> Texts(DesiredState desired) => desired.Facts
        .Select(static f => $"{f.Key.Kind} {(f.Key.Object is { } on ? string.Join('.', on.Names.Skip(1)) : "")} {f.Key.Subject} {f.Key.Detail}")
        .OrderBy(static t => t.StartsWith("Grant", StringComparison.Ordinal)).ThenBy(static t => t, StringComparer.Ordinal);
}
