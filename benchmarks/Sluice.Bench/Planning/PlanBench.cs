using System.Runtime.CompilerServices;
using Sluice.Bench.Reporting;
using Sluice.Core.Connections;
using Sluice.Core.Planning;

namespace Sluice.Bench.Planning;

/// <summary>A plan of a million grants, against reading what is desired and what was observed and hashing the keys.</summary>
internal static class PlanBench
{
    private const int Tables = 100_000;
    private const int OneChangedOf = 200;
    private const int Rounds = 7;
    private const double Bar = 3;

    // A key, its place in a hash table, and a place in the order of objects.
    private static readonly double MostBytes = Unsafe.SizeOf<FactKey>() + (4 * sizeof(int));
    private static readonly ImpactScope Scope = new(GrantStreams.Depth, new HashSet<string>(), static _ => false);

    public static void Run(Results results)
    {
        Results.Say($"plan: {Tables * GrantStreams.GrantsOfTable} grants on each side");
        Run("plan.unchanged", 0, results);
        Run("plan.changed", OneChangedOf, results);
    }

    public static Plan Build(DesiredState desired, ObservedState observed) => PlanBuilder.Build(desired, observed, EnforcementMode.Sync, Scope);

    private static void Run(string name, int oneChangedOf, Results results)
    {
        var (desired, observed, changes) = GrantStreams.Of(Tables, oneChangedOf);
        var plan = Build(desired, observed);
        if (plan.Changes.Count != changes || plan.Impact.Before == 0) throw new InvalidOperationException($"The plan has {plan.Changes.Count} changes, and not {changes}.");
        long allocated = 0, hash = 0;
        var seconds = Reporting.Rounds.Of(
            Rounds,
            () =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                plan = Build(desired, observed);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            },
            () =>
            {
                foreach (var fact in desired.Facts) hash += fact.Key.GetHashCode();
                foreach (var fact in observed.Facts) hash += fact.Key.GetHashCode();
            });
        if (hash == 0) throw new InvalidOperationException("Nothing was hashed.");
        results.Add(Figure.AtMost(name, seconds[0] / seconds[1], "x reading and hashing", Bar) with
        {
            Parts = new Dictionary<string, double>
            {
                ["plan_ms"] = seconds[0] * 1e3, ["hash_ms"] = seconds[1] * 1e3, ["desired"] = desired.Facts.Count, ["observed"] = observed.Facts.Count, ["changes"] = changes,
                ["pairs"] = plan.Impact.Before, ["lost"] = plan.Impact.Lost, ["gained"] = plan.Impact.Gained,
            },
        });
        if (oneChangedOf == 0) results.Add(Figure.AtMost("plan.allocated", allocated / (double)observed.Facts.Count, "bytes an unchanged grant", MostBytes));
    }
}
