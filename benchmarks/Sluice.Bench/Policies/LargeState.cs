using System.Runtime.InteropServices;
using Sluice.Bench.Reporting;
using Sluice.Core.Access;
using Sluice.Core.Policies.Predicates;
using Sluice.Testing.Large;

namespace Sluice.Bench.Policies;

/// <summary>The world that compile, decide and incremental are measured on, and how rich it is: in a poor one much would be quick.</summary>
internal sealed class LargeState
{
    private const int People = 10_000;
    private const int FewestPeople = 5_000;
    private const int FewestBuckets = 2_000;
    private const int FewestAudiences = 300;

    private LargeState(LargeWorld world, int people, int buckets, int audiences) =>
        (World, DistinctPeople, Buckets, Audiences) = (world, people, buckets, audiences);

    public LargeWorld World { get; }

    /// <summary>People of whom the conditions in the rules don't all say the same.</summary>
    public int DistinctPeople { get; }

    public int Buckets { get; }

    public int Audiences { get; }

    /// <summary>Makes it.</summary>
    /// <exception cref="InvalidOperationException">It is poorer than the bar asks for.</exception>
    public static LargeState Of(int tables, uint seed, bool isChecked = true)
    {
        Results.Say($"{People} people, {tables} tables, seed {seed}");
        var world = LargeWorld.Of(People, tables, seed);
        var compiler = new AccessCompiler(world.Policies);
        var rules = new HashSet<AccessRule>();
        foreach (var access in world.Objects.Select(compiler.Compile).ToHashSet(ReferenceEqualityComparer.Instance).Cast<ObjectAccess>())
        {
            rules.Add(access.Read);
            rules.Add(access.Write);
            rules.UnionWith(access.Masks.Select(static m => m.Exempt));
            rules.UnionWith(access.RowRules.Select(static r => r.Exempt));
        }

        var state = new LargeState(world, isChecked ? Distinct(world, rules) : 0, compiler.BucketCount, rules.Count);
        if (!isChecked) return state;
        Results.Say($"{state.DistinctPeople} distinct people, {state.Buckets} object buckets, {state.Audiences} audiences");
        return state is { DistinctPeople: >= FewestPeople, Buckets: >= FewestBuckets, Audiences: >= FewestAudiences }
            ? state
            : throw new InvalidOperationException($"The state is too poor: at least {FewestPeople} people, {FewestBuckets} buckets and {FewestAudiences} audiences have to differ.");
    }

    private static int Distinct(LargeWorld world, IEnumerable<AccessRule> rules)
    {
        var audiences = new AudienceIndex(world.People);
        var conditions = rules.SelectMany(static r => Conditions(r.Normal)).Distinct().Select(c => audiences.Of(AccessRule.Of(c))).ToList();
        var distinct = new HashSet<string>(StringComparer.Ordinal);
        var held = new bool[conditions.Count];
        foreach (var person in world.People.People)
        {
            for (var i = 0; i < held.Length; i++) held[i] = conditions[i].Contains(person.Id);
            distinct.Add(Convert.ToHexString(MemoryMarshal.AsBytes<bool>(held)));
        }

        return distinct.Count;
    }

    private static IEnumerable<Predicate> Conditions(Predicate predicate) => predicate switch
    {
        Predicate.All all => all.Terms.SelectMany(Conditions),
        Predicate.Any any => any.Terms.SelectMany(Conditions),
        Predicate.Not not => Conditions(not.Term),
        _ => [predicate],
    };
}
