using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Core.Tests.Access;

/// <summary>What a simulation says comes of a change is what the naive evaluator says before and after it.</summary>
public sealed class AccessComparisonTests
{
    private static readonly uint Changes = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 5_000u : 400u;

    [Fact]
    public void It_tells_whatever_changes_for_anybody_and_nothing_else_of_access()
    {
        var (reached, sighted) = (0L, 0L);
        for (uint seed = 1; seed <= Changes; seed++)
        {
            var change = new MutationGenerator().Of(seed);
            // A comparison is of the same objects and subscriptions.
            var (before, after) = (change.Before, change.After with { Subscriptions = change.Before.Subscriptions });
            if (before.Governed.Count != after.Governed.Count) continue;
            var told = Compare(before, after, int.MaxValue);
            var (naive, then) = (before.Naive(), after.Naive());
            foreach (var (governed, table) in before.Governed.Zip(after.Tables.Where(t => t.IsActive)))
            {
                foreach (var person in before.People.People)
                {
                    var about = $"seed {seed}: {person.Username} on {governed.Path}\n{change}";
                    var changed = after.People.People.Single(p => p.Id == person.Id);
                    foreach (var access in (AccessKind[])[AccessKind.Read, AccessKind.Write])
                    {
                        var (may, will) = (naive.IsSubscribed(person, governed, access), then.IsSubscribed(changed, table.Object, access));
                        told.Gained.First.Contains(new ReachChange(person.Id, governed.Path, access)).ShouldBe(!may && will, about);
                        told.Lost.First.Contains(new ReachChange(person.Id, governed.Path, access)).ShouldBe(may && !will, about);
                    }

                    if (!naive.IsSubscribed(person, governed, AccessKind.Read) || !then.IsSubscribed(changed, table.Object, AccessKind.Read)) continue;
                    var more = told.Uncovered.First.SingleOrDefault(s => s.PersonId == person.Id && s.Path.Equals(governed.Path));
                    var less = told.Covered.First.SingleOrDefault(s => s.PersonId == person.Id && s.Path.Equals(governed.Path));
                    foreach (var row in table.Rows)
                    {
                        var (sees, willSee) = (naive.IsRowVisible(person, governed, row), then.IsRowVisible(changed, table.Object, row));
                        if (!sees && willSee) more.ShouldNotBeNull(about).HasRows.ShouldBeTrue(about);
                        if (sees && !willSee) less.ShouldNotBeNull(about).HasRows.ShouldBeTrue(about);
                        foreach (var column in governed.Columns.Select(static c => c.Name))
                        {
                            var (mask, becomes) = (naive.MaskOf(person, governed, column, row), then.MaskOf(changed, table.Object, column, row));
                            if (!IsAsStrict(becomes, mask)) more.ShouldNotBeNull(about).Columns.ShouldContain(column, about);
                            if (!IsAsStrict(mask, becomes)) less.ShouldNotBeNull(about).Columns.ShouldContain(column, about);
                        }
                    }
                }
            }

            (reached, sighted) = (reached + told.Gained.Count + told.Lost.Count, sighted + told.Uncovered.Count + told.Covered.Count);
        }

        reached.ShouldBeGreaterThan(Changes / 4);
        sighted.ShouldBeGreaterThan(Changes / 20);
    }

    [Fact]
    public void What_changes_nothing_differs_in_nothing()
    {
        for (uint seed = 1; seed <= Changes / 4; seed++)
        {
            var world = new CaseGenerator().Of(seed);
            var told = Compare(world, world, int.MaxValue);
            (told.Gained.Count + told.Lost.Count + told.Uncovered.Count + told.Covered.Count + told.Changed.Count).ShouldBe(0, $"seed {seed}");
        }
    }

    [Fact]
    public void All_are_counted_and_few_are_listed()
    {
        for (uint seed = 1; seed <= Changes / 4; seed++)
        {
            var change = new MutationGenerator().Of(seed);
            var (before, after) = (change.Before, change.After with { Subscriptions = change.Before.Subscriptions });
            if (before.Governed.Count != after.Governed.Count) continue;
            var (few, all) = (Compare(before, after, 2), Compare(before, after, int.MaxValue));
            Few(few.Gained, all.Gained);
            Few(few.Lost, all.Lost);
            Few(few.Uncovered, all.Uncovered);
            Few(few.Covered, all.Covered);
            Few(few.Changed, all.Changed);

            void Few<T>(Counted<T> listed, Counted<T> every)
            {
                var about = $"seed {seed}: {typeof(T).Name} {string.Join(" ", every.First)}\n{change}";
                every.First.Count.ShouldBe((int)every.Count, about);
                listed.Count.ShouldBe(every.Count, about);
                listed.First.Count.ShouldBe((int)Math.Min(2, every.Count), about);
                listed.First.ShouldBeSubsetOf(every.First);
            }
        }
    }

    [Theory]
    [InlineData("region = 'EU' AND level = '1'", new[] { "region = 'EU'", "level = '1'" }, false, false)]
    [InlineData("region IN ('EU')", new[] { "region IN ('EU', 'US')" }, true, false)]
    [InlineData("region IN ('EU', 'US')", new[] { "region IN ('EU')" }, false, true)]
    [InlineData("region = 'EU'", new[] { "region = 'EU' OR level = '1'" }, true, false)]
    [InlineData("region = 'EU'", new[] { "region = 'US'" }, true, true)]
    [InlineData("region = 'EU'", new string[0], true, false)]
    [InlineData("region = 'EU'", new[] { "region = 'EU'", "level = '1'" }, false, true)]
    public void Row_rules_show_more_or_less_or_the_same(string before, string[] after, bool isMore, bool isLess)
    {
        var ada = new PeopleSnapshot([new Person { Id = "ada", Username = "ada", Groups = new HashSet<string>(), Attributes = new HashSet<PersonAttribute>() }], new HashSet<string>(), new HashSet<string>());
        var comparison = new AccessComparison(ada, [Open, .. Rules([before])], ada, [Open, .. Rules(after)], 10);
        var table = new GovernedObject { Path = new ObjectPath("c", "d", "s", "t"), Kind = ObjectKind.Table, Tags = [], Columns = [new("region", "text", []), new("level", "text", [])] };
        comparison.Add(table, table, new Dictionary<string, (Subscriptions, Subscriptions)>());

        (comparison.Difference.Uncovered.Count, comparison.Difference.Covered.Count).ShouldBe((isMore ? 1 : 0, isLess ? 1 : 0));
    }

    private static SubscriptionPolicy Open => new() { Key = "open", Name = "open", Kind = SubscriptionKind.Anyone };

    private static IEnumerable<DataPolicy> Rules(string[] predicates) => predicates.Select(static (p, i) => new DataPolicy
    {
        Key = $"rows{i}", Name = "rows", Rules = [new DataRule.RowsByPredicate(PredicateParser.Parse(p, PredicateScope.Row, out _).ShouldNotBeNull())],
    });

    private static AccessDifference Compare(World before, World after, int mostListed)
    {
        var comparison = new AccessComparison(before.People, before.Policies, after.People, after.Policies, mostListed);
        foreach (var (governed, then) in before.Governed.Zip(after.Governed))
        {
            var held = before.Subscriptions.Where(s => s.ObjectPath.Equals(governed.Path) && (s.ExpiresAt is null || s.ExpiresAt > before.Now)).ToLookup(static s => s.PersonId);
            comparison.Add(governed.Typed(), then.Typed(), held.ToDictionary(static h => h.Key, static h => (Of(h, AccessKind.Read), Of(h, AccessKind.Write)), StringComparer.Ordinal));
        }

        return comparison.Difference;
    }

    private static Subscriptions Of(IEnumerable<Subscription> held, AccessKind access) => new(
        held.Any(s => s.Access == access && s.Kind == SubscriptionKind.Manual), held.Any(s => s.Access == access && s.Kind == SubscriptionKind.Approval));

    private static bool IsAsStrict(MaskFunction? one, MaskFunction? other) => other is null || (one is not null && one.Equals(MaskComposition.Of([one, other])));
}
