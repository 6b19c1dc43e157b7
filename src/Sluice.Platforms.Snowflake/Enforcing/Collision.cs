using Sluice.Core.Access;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// A column that stands in a policy that is set, and in one that shall be: Snowflake lets none stand in two (https://docs.snowflake.com/en/user-guide/security-row-intro).
/// What is set goes or changes in a later phase, after access was taken away; until then policies that show nothing hold its place, or that of the other.
/// </summary>
internal static class Collision
{
    /// <summary>What to set, in this order, each in the place of what is set there, so that all is covered until the later phase.</summary>
    /// <param name="of">The object.</param>
    /// <param name="wanted">The policy that was refused.</param>
    /// <param name="set">What is set on the object.</param>
    /// <param name="isOurs">Whether that is ours.</param>
    /// <param name="closing">Policies that show nothing.</param>
    /// <param name="asked">All policies that shall be set on the object: none of their columns is taken for another purpose where it can be helped.</param>
    /// <returns>Nothing to set where it is closed already; null where what is in its way is somebody else's, or the only column there is.</returns>
    public static IReadOnlyList<SetPolicy>? Steps(
        GovernedObject of, SetPolicy wanted, IReadOnlyList<PolicyReference> set, Func<PolicyReference, bool> isOurs, ClosingPolicy closing, IReadOnlyList<SetPolicy> asked)
    {
        var policies = set.Where(static r => r.IsMaskOrRows).Select(r => Told(r, asked, isOurs, of, closing)).ToList();
        var met = policies.Where(r => r.Column != wanted.Column && (!r.AreColumnsTold || r.Columns.Any(wanted.Columns.Contains))).ToList();
        // What was in its way made room for another meanwhile; if there was nothing, it is refused once more.
        if (met.Count == 0) return [wanted];
        if (!met.TrueForAll(r => isOurs(r))) return null;
        var metMasks = met.Where(static r => r.Column is not null).ToList();
        // The one in whose place the new mask comes may be given a column that others are to stand on.
        var steps = metMasks.Where(static r => r.Columns.Count > 1).Concat(policies.Where(static r => !r.AreColumnsTold)).Select(r => MaskOf(r.Column!)).Distinct().ToList();
        var isMasked = metMasks.Exists(r => wanted.Columns.Contains(r.Column!));
        var isHeld = policies.Exists(r => r.Column == wanted.Column && isOurs(r) && closing.IsOne(of, r.Policy));
        if (met.Exists(static r => r.Column is null) || (wanted.Column is null && isMasked && !isHeld)) steps.AddRange(PlaceOfRows());
        if (!isMasked) steps.Add(wanted);
        else if (wanted.Column is { } own && !isHeld) steps.Add(MaskOf(own));
        return steps.Contains(null) ? null : [.. steps.Select(static s => s!).Distinct()];

        // Rows that are closed stand on a column that has no mask, or on one whose mask lets them.
        IEnumerable<SetPolicy?> PlaceOfRows()
        {
            var taken = policies.Where(static r => r.Column is not null).SelectMany(r => metMasks.Contains(r) ? [r.Column!] : r.Columns)
                .Concat(wanted.Column is null ? [] : wanted.Columns).ToHashSet(StringComparer.Ordinal);
            var (masked, filtered) = (ColumnsOf(asked, isMask: true), ColumnsOf(asked, isMask: false));
            var free = of.Columns.Where(c => !taken.Contains(c.Name)).OrderBy(c => masked.Contains(c.Name) ? 2 : filtered.Contains(c.Name) ? 1 : 0).FirstOrDefault();
            var shared = policies.Where(r => r.Column is { } column && isOurs(r) && (wanted.Column is null || !wanted.Columns.Contains(column)))
                .OrderBy(r => closing.IsOne(of, r.Policy) ? 0 : !masked.Contains(r.Column!) ? 1 : r.Columns.Count > 1 ? 2 : 3).FirstOrDefault();
            // One that is about to be masked is left to its mask where there is another.
            if (free is not null && (shared is null || !masked.Contains(free.Name))) return [closing.Rows(free)];
            if (shared is null || Column(of, shared.Column!) is not { } column) return [null];
            return closing.IsOne(of, shared.Policy) ? [closing.Rows(column)] : [MaskOf(column.Name), closing.Rows(column)];
        }

        SetPolicy? MaskOf(string name) => Column(of, name) is { } column ? closing.Mask(column) : null;
    }

    // Which columns a mask is given Snowflake may not tell: of one of ours that is asked for its name does. Another may read any.
    private static PolicyReference Told(PolicyReference reference, IReadOnlyList<SetPolicy> asked, Func<PolicyReference, bool> isOurs, GovernedObject of, ClosingPolicy closing)
    {
        if (reference.AreColumnsTold || !isOurs(reference)) return reference;
        if (closing.IsOne(of, reference.Policy)) return reference with { AreColumnsTold = true };
        return asked.FirstOrDefault(p => p.Column == reference.Column && p.Name == reference.Policy) is { } known ? reference with { AreColumnsTold = true, Columns = known.Columns } : reference;
    }

    private static HashSet<string> ColumnsOf(IReadOnlyList<SetPolicy> policies, bool isMask) =>
        policies.Where(p => p.Column is not null == isMask).SelectMany(static p => p.Columns).ToHashSet(StringComparer.Ordinal);

    private static GovernedColumn? Column(GovernedObject of, string name) => of.Columns.FirstOrDefault(c => c.Name == name);
}
