using System.Runtime.InteropServices;
using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>
/// Says what the policies ask for on an object. Objects that no policy can tell apart share one answer, so that a hundred thousand tables cost as much as they
/// have kinds. For one thread at a time.
/// </summary>
public sealed class AccessCompiler
{
    private readonly PreparedPolicy[] policies;
    private readonly ColumnProbes probes = new();
    private readonly CircumstanceIndex index;
    private readonly Dictionary<string, PolicySet> sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ObjectBucket> buckets = new(StringComparer.Ordinal);
    private readonly BucketKey key = new();
    private readonly int words;
    private ulong[] marks = [];

    /// <summary>A compiler of these policies. Staged ones are left out: a simulation of one takes it as it would be.</summary>
    /// <exception cref="ArgumentException">Two policies have one key, or a pattern is none.</exception>
    public AccessCompiler(IEnumerable<Policy> policies)
        : this(policies.Where(static p => !p.IsStaged).Select(static p => new PreparedPolicy(p)))
    {
    }

    internal AccessCompiler(IEnumerable<PreparedPolicy> prepared)
    {
        policies = [.. prepared.OrderBy(static p => p.Policy.Key, StringComparer.Ordinal)];
        for (var i = 1; i < policies.Length; i++)
        {
            if (policies[i].Policy.Key == policies[i - 1].Policy.Key)
                throw new ArgumentException($"Two policies have the key '{policies[i].Policy.Key}'; keys are unique.", nameof(prepared));
        }

        index = new CircumstanceIndex(policies, probes);
        foreach (var policy in policies)
            foreach (var selector in policy.Needs.Columns) probes.NumberOf(selector);
        words = Bits.Words(probes.Count);
    }

    /// <summary>In order of their keys.</summary>
    internal IReadOnlyList<PreparedPolicy> Policies => policies;

    /// <summary>How many kinds of objects were met.</summary>
    public int BucketCount => buckets.Count;

    /// <summary>What the policies ask for on an object.</summary>
    public ObjectAccess Compile(GovernedObject target) => BucketOf(target).Access;

    /// <summary>The policies whose circumstances hold on an object, in order of their keys.</summary>
    public IReadOnlyList<Policy> PoliciesOn(GovernedObject target) => [.. BucketOf(target).Set.Policies.Select(static p => p.Policy)];

    internal ObjectBucket BucketOf(GovernedObject target)
    {
        var certain = target.HasVanishedTags ? CertainOn(target) : [];
        var marked = MarkColumns(target);
        var set = SetOf(index.Holding(target, marked[^Math.Min(words, marked.Length)..], CircumstanceIndex.IsUntagged(target)), certain);
        var found = key.Of(set, target, marked, words);
        var lookup = buckets.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(found, out var bucket)) return bucket;
        bucket = new ObjectBucket(set, ObjectComposition.Of(set.Policies, set.Doubtful, target));
        lookup[found] = bucket;
        return bucket;
    }

    /// <summary>Whether the circumstances of any policy hold on an object.</summary>
    internal bool HoldsAny(GovernedObject target)
    {
        if (!index.MeansColumns) return index.Holding(target, [], CircumstanceIndex.IsUntagged(target)).ContainsAnyExcept(0UL);
        var marked = MarkColumns(target);
        return index.Holding(target, marked[^Math.Min(words, marked.Length)..], CircumstanceIndex.IsUntagged(target)).ContainsAnyExcept(0UL);
    }

    // The policies that hold whatever becomes of the tags that have vanished.
    private ulong[] CertainOn(GovernedObject target)
    {
        var certain = target.WithoutVanishedTags();
        var marked = MarkColumns(certain);
        return index.Holding(certain, marked[^Math.Min(words, marked.Length)..], target.VanishedTags.Count == 0 && CircumstanceIndex.IsUntagged(target)).ToArray();
    }

    // The marks of each column, then those of all columns together.
    private Span<ulong> MarkColumns(GovernedObject target)
    {
        var count = target.Columns.Count;
        var needed = (count + 1) * words;
        if (marks.Length < needed) marks = new ulong[needed];
        var marked = marks.AsSpan(0, needed);
        marked.Clear();
        if (words == 0) return marked;
        var all = marked[(count * words)..];
        for (var i = 0; i < count; i++)
        {
            var own = marked.Slice(i * words, words);
            probes.Mark(target.Columns[i], own);
            for (var w = 0; w < words; w++) all[w] |= own[w];
        }

        return marked;
    }

    private PolicySet SetOf(ReadOnlySpan<ulong> holding, ReadOnlySpan<ulong> certain)
    {
        var lookup = sets.GetAlternateLookup<ReadOnlySpan<char>>();
        var name = MemoryMarshal.Cast<ulong, char>(certain.IsEmpty ? holding : (ulong[])[.. holding, .. certain]);
        if (lookup.TryGetValue(name, out var set)) return set;
        var members = new List<PreparedPolicy>();
        var doubtful = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < policies.Length; i++)
        {
            if (!Bits.Has(holding, i)) continue;
            members.Add(policies[i]);
            if (!certain.IsEmpty && !Bits.Has(certain, i)) doubtful.Add(policies[i].Policy.Key);
        }

        set = new PolicySet(sets.Count, members, doubtful, probes);
        lookup[name] = set;
        return set;
    }
}
