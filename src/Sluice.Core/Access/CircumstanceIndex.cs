using Sluice.Core.Catalog;
using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>Which policies' circumstances hold on an object, found by its tags, its columns and its path: never by trying each policy.</summary>
internal sealed class CircumstanceIndex
{
    private readonly List<int> policyOf = [];
    private readonly TagIndex tags = new();
    private readonly PathIndex paths = new();
    private readonly List<int> untagged = [];
    private readonly Dictionary<int, List<int>> byProbe = [];
    private readonly ulong[] everywhere;
    private readonly int[] needed;
    private readonly int[] missing;
    private readonly ulong[] seen;
    private readonly ulong[] holding;

    public CircumstanceIndex(IReadOnlyList<PreparedPolicy> policies, ColumnProbes probes)
    {
        everywhere = new ulong[Bits.Words(policies.Count)];
        holding = new ulong[everywhere.Length];
        needed = new int[policies.Count];
        missing = new int[policies.Count];
        for (var i = 0; i < policies.Count; i++)
        {
            var policy = policies[i].Policy;
            if (policy.Circumstances is not { } circumstances || (circumstances.Count == 0 && policy.CircumstanceOperator == SetOperator.All))
            {
                Bits.Set(everywhere, i);
                continue;
            }

            var distinct = circumstances.Distinct().ToList();
            needed[i] = policy.CircumstanceOperator == SetOperator.All ? distinct.Count : 1;
            foreach (var circumstance in distinct) Add(circumstance, i, probes);
        }

        seen = new ulong[Bits.Words(policyOf.Count)];
    }

    /// <summary>Whether any circumstance is about columns.</summary>
    public bool MeansColumns => byProbe.Count > 0;

    /// <summary>The policies that hold, as bits that stay as they are until the next call.</summary>
    /// <param name="target">The object.</param>
    /// <param name="probes">What means any of its columns.</param>
    /// <param name="isUntagged">Whether it counts as carrying no tag.</param>
    public ReadOnlySpan<ulong> Holding(GovernedObject target, ReadOnlySpan<ulong> probes, bool isUntagged)
    {
        everywhere.CopyTo(holding, 0);
        needed.CopyTo(missing, 0);
        Array.Clear(seen);

        foreach (var tag in target.Tags.Items)
            foreach (var number in tags.At(tag)) Holds(number);
        if (isUntagged)
            foreach (var number in untagged) Holds(number);
        paths.ForEach(target.Path, this, static (index, number) => index.Holds(number));
        foreach (var (probe, numbers) in byProbe)
        {
            if (!Bits.Has(probes, probe)) continue;
            foreach (var number in numbers) Holds(number);
        }

        return holding;
    }

    /// <summary>Whether nobody has tagged an object: what only carries the mark of a discovery, or tags that have vanished.</summary>
    public static bool IsUntagged(GovernedObject target) => target.Tags.All(t => t == SystemTags.DiscoveredNew || target.VanishedTags.Contains(t, StringComparer.Ordinal));

    private void Holds(int number)
    {
        if (Bits.Has(seen, number)) return;
        Bits.Set(seen, number);
        var policy = policyOf[number];
        if (--missing[policy] == 0) Bits.Set(holding, policy);
    }

    private void Add(Circumstance circumstance, int policy, ColumnProbes probes)
    {
        var number = policyOf.Count;
        policyOf.Add(policy);
        switch (circumstance)
        {
            case Circumstance.Tagged tagged:
                tags.Add(tagged.Tag, number);
                break;
            case Circumstance.NoTags:
                untagged.Add(number);
                break;
            case Circumstance.AtOrBelow below:
                paths.Add(below.Path, number);
                break;
            case Circumstance.ColumnTagged tagged:
                AddProbe(probes.NumberOf(new ColumnSelector.Tagged(tagged.Tag)), number);
                break;
            case Circumstance.ColumnMatches matches:
                AddProbe(probes.NumberOf(new ColumnSelector.Matching(matches.Regex, matches.IgnoresCase)), number);
                break;
            default:
                throw new NotSupportedException($"A circumstance {circumstance.GetType().Name} has no index.");
        }
    }

    private void AddProbe(int probe, int number)
    {
        if (!byProbe.TryGetValue(probe, out var numbers)) byProbe.Add(probe, numbers = []);
        numbers.Add(number);
    }
}
