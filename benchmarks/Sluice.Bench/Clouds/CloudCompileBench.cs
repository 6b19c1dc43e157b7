using Sluice.Bench.Reporting;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Platforms;
using Sluice.Platforms.Databricks;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Snowflake;
using Sluice.Testing.Large;

namespace Sluice.Bench.Clouds;

/// <summary>The large world put in a cloud's terms, a plan of nothing changed there, and one of a single table that other people read; how all of them grow, up to a million grants.</summary>
internal static class CloudCompileBench
{
    private const int Large = 50_000;
    private const double Growth = 1.3;
    private const double Planning = 3;
    private const double OneChange = 1.2;
    private static readonly ImpactScope Scope = new(3, new HashSet<string>(), static _ => false);

    public static void Run(string platform, uint seed, Results results)
    {
        var compiler = CompilerOf(platform);

        // Where access is granted to people themselves, each pair of person and table is a grant.
        var (people, sizes) = platform == "snowflake" ? (10_000, new[] { 1_000, 10_000, 50_000, 110_000 }) : (1_000, new[] { 500, 2_000, 8_000, 64_000 });
        results.Add(Figure.Plain("state.seed", seed, "seed"));
        var (perFact, planPerFact) = (new List<double>(), new List<double>());
        foreach (var tables in sizes)
        {
            Results.Say($"{people} people, {tables} tables");
            var times = tables < Large ? 5 : 3;
            var intent = CloudIntents.Of(LargeWorld.Of(people, tables, seed), platform);
            var changed = Changed(intent);
            var desired = compiler.Compile(intent);
            var observed = Observed(desired);
            long compiled = 0, planned = 0, hash = 0;
            var plan = PlanBuilder.Build(desired, observed, EnforcementMode.Sync, Scope);
            if (plan.Changes.Count > 0) throw new InvalidOperationException($"Nothing has changed, and there are {plan.Changes.Count} changes.");
            var median = Reporting.Rounds.Of(
                times,
                () => compiled = Allocated(() => desired = compiler.Compile(intent)),
                () => planned = Allocated(() => plan = PlanBuilder.Build(desired, observed, EnforcementMode.Sync, Scope)),
                () =>
                {
                    foreach (var fact in desired.Facts) hash += fact.Key.GetHashCode() + fact.Definition.GetHashCode(StringComparison.Ordinal);
                    foreach (var fact in observed.Facts) hash += fact.Key.GetHashCode() + fact.Definition.GetHashCode(StringComparison.Ordinal);
                });
            var once = 0.0;
            var repeated = Reporting.Rounds.Of(
                times,
                () => plan = PlanBuilder.Build(compiler.Compile(intent), observed, EnforcementMode.Sync, Scope),
                () => once = (plan = PlanBuilder.Build(compiler.Compile(changed), observed, EnforcementMode.Sync, Scope)).Changes.Count);
            if (once == 0) throw new InvalidOperationException("A table is read by other people, and there is no change.");
            if (hash == 0) throw new InvalidOperationException("Nothing was hashed.");
            perFact.Add(median[0] / desired.Facts.Count);
            planPerFact.Add(median[1] / desired.Facts.Count);
            var ofTexts = desired.Facts.Select(static f => f.Definition).ToHashSet(ReferenceEqualityComparer.Instance).Cast<string>().Sum(static d => 2.0 * d.Length);
            results.Add(Figure.Plain($"compile.{platform}.{tables}", median[0] * 1e3, "ms") with
            {
                Parts = new Dictionary<string, double>(desired.Facts.GroupBy(static f => f.Key.Kind).ToDictionary(static g => $"facts_{g.Key}".ToLowerInvariant(), static g => (double)g.Count()))
                {
                    ["people"] = people, ["facts"] = desired.Facts.Count, ["shortfalls"] = desired.Shortfalls.Count, ["us_a_fact"] = perFact[^1] * 1e6, ["bytes_a_fact"] = compiled / (double)desired.Facts.Count,
                    ["allocated_mib"] = compiled / 1048576.0, ["definitions_mib"] = ofTexts / 1048576.0,
                    ["different_definitions"] = desired.Facts.Select(static f => f.Definition).Distinct(StringComparer.Ordinal).Count(),
                },
            });
            results.Add(Figure.AtMost($"plan.{platform}.{tables}", median[1] / median[2], "x reading and hashing", Planning) with
            {
                Parts = new Dictionary<string, double> { ["plan_ms"] = median[1] * 1e3, ["hash_ms"] = median[2] * 1e3, ["facts"] = desired.Facts.Count, ["bytes_a_fact"] = planned / (double)desired.Facts.Count },
            });
            results.Add(Figure.AtMost($"incremental.{platform}.{tables}", repeated[1] / repeated[0], "x planning nothing changed", OneChange) with
            {
                Parts = new Dictionary<string, double> { ["changes"] = once, ["ms"] = repeated[1] * 1e3, ["grants"] = desired.Facts.Count(static f => f.Key.Kind is FactKind.Grant or FactKind.Member), ["facts"] = desired.Facts.Count },
                Note = "one table is read by other people: compiled and planned whole",
            });
        }

        for (var i = 1; i < sizes.Length; i++)
        {
            results.Add(Figure.AtMost($"compile.{platform}.growth.{sizes[i]}", perFact[i] / perFact[i - 1], "x linear", Growth) with
            {
                Note = $"the time of a fact, against {sizes[i - 1]} tables",
            });
            results.Add(Figure.AtMost($"plan.{platform}.growth.{sizes[i]}", planPerFact[i] / planPerFact[i - 1], "x linear", Growth) with
            {
                Note = $"the time of a fact, against {sizes[i - 1]} tables",
            });
        }
    }

    // A table is read by those who read another one.
    private static AccessIntent Changed(AccessIntent intent)
    {
        var objects = intent.Objects.ToArray();
        var readers = objects[0].Access.Read;
        var other = Array.FindIndex(objects, o => !o.Access.Read.Equals(readers));
        objects[0] = objects[0] with { Access = objects[0].Access with { Read = objects[other].Access.Read } };
        return intent with { Objects = objects };
    }

    private static long Allocated(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // What comes from a platform shares no text with what comes from policies.
    private static ObservedState Observed(DesiredState desired)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        return new ObservedState([.. desired.Facts.Select(f => new ObservedFact(f.Key, TextOf(f.Definition), FactOwner.Ours))], [], [], []);

        string TextOf(string definition)
        {
            if (!texts.TryGetValue(definition, out var text)) texts[definition] = text = new string(definition.AsSpan());
            return text;
        }
    }

    private static ICompilesAccess CompilerOf(string platform)
    {
        var egress = new EgressGuard(new EgressPolicy());
        var mark = new InstanceMark("bench");
        return platform == "snowflake" ? new SnowflakePlatform(egress, mark, TimeProvider.System) : new DatabricksPlatform(egress, mark, new DatabricksOptions(), TimeProvider.System);
    }
}
