namespace Sluice.Core.DataLineage;

/// <summary>A tag that data brought along.</summary>
/// <param name="At">Where it is now.</param>
/// <param name="Tag">The tag, dotted.</param>
/// <param name="Origin">Where it was given.</param>
public readonly record struct CarriedTag(LineagePoint At, string Tag, LineagePoint Origin);

/// <summary>A tag whose data came back to where the tag was given: it isn't carried on there.</summary>
/// <param name="Tag">The tag, dotted.</param>
/// <param name="Origin">Where it was given, and came back to.</param>
/// <param name="By">The last place before it came back.</param>
public readonly record struct SuspendedTag(string Tag, LineagePoint Origin, LineagePoint By);

/// <summary>What lineage makes of tags.</summary>
/// <param name="Tags">What is carried where, ordered.</param>
/// <param name="Suspended">What went round a cycle, ordered.</param>
public sealed record CarriedTags(IReadOnlyList<CarriedTag> Tags, IReadOnlyList<SuspendedTag> Suspended);

/// <summary>
/// Carries tags along lineage, as far as data went. A tag is at every place that can be reached from where it was given, and at no other: edges in any order give the
/// same, and what came by an edge alone goes with it, round a cycle too, for what was carried is never a reason to carry it.
/// </summary>
public static class TagCarrying
{
    /// <summary>Carries tags.</summary>
    /// <param name="edges">Where data went.</param>
    /// <param name="given">The tags that were given, by place.</param>
    public static CarriedTags Carry(IEnumerable<LineageEdge> edges, IEnumerable<(LineagePoint At, string Tag)> given)
    {
        var graph = new LineageGraph(edges);
        var tags = new List<CarriedTag>();
        var suspended = new List<SuspendedTag>();
        foreach (var origin in given.Distinct().GroupBy(static g => g.At))
        {
            var own = origin.Select(static o => o.Tag).ToList();
            var (reached, back) = Reach(graph, origin.Key);
            foreach (var at in reached) tags.AddRange(own.Select(tag => new CarriedTag(at, tag, origin.Key)));
            foreach (var by in back) suspended.AddRange(own.Select(tag => new SuspendedTag(tag, origin.Key, by)));
        }

        return new CarriedTags(
            [.. tags.OrderBy(static t => t.At, PointOrder.Instance).ThenBy(static t => t.Tag, StringComparer.Ordinal).ThenBy(static t => t.Origin, PointOrder.Instance)],
            [.. suspended.OrderBy(static s => s.Origin, PointOrder.Instance).ThenBy(static s => s.Tag, StringComparer.Ordinal).ThenBy(static s => s.By, PointOrder.Instance)]);
    }

    private static (List<LineagePoint> Reached, HashSet<LineagePoint> Back) Reach(LineageGraph graph, LineagePoint origin)
    {
        var reached = new List<LineagePoint>();
        var seen = new HashSet<LineagePoint> { origin };
        var back = new HashSet<LineagePoint>();
        var open = new Queue<LineagePoint>([origin]);
        while (open.TryDequeue(out var at))
        {
            foreach (var next in graph.After(at))
            {
                if (next == origin) back.Add(at);
                else if (seen.Add(next))
                {
                    reached.Add(next);
                    open.Enqueue(next);
                }
            }
        }

        return (reached, back);
    }

    private sealed class PointOrder : IComparer<LineagePoint>
    {
        public static readonly PointOrder Instance = new();

        public int Compare(LineagePoint x, LineagePoint y)
        {
            var (left, right) = (x.Object.Names, y.Object.Names);
            for (var i = 0; i < left.Length && i < right.Length; i++)
                if (string.CompareOrdinal(left[i], right[i]) is not 0 and var order) return order;
            return left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(x.Column, y.Column);
        }
    }
}
