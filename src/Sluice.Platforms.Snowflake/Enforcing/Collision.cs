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
    /// <param name="asked">The columns of all policies that shall be set on the object: none of them is taken for another purpose where it can be helped.</param>
    /// <returns>Nothing to set where it is closed already; null where what is in its way is somebody else's, or where every column is taken.</returns>
    public static IReadOnlyList<SetPolicy>? Steps(
        GovernedObject of, SetPolicy wanted, IReadOnlyList<PolicyReference> set, Func<PolicyReference, bool> isOurs, ClosingPolicy closing, IReadOnlySet<string> asked)
    {
        var policies = set.Where(static r => r.Kind is PolicyReference.Masking or PolicyReference.RowAccess).ToList();
        var met = policies.Where(r => r.Column != wanted.Column && r.Columns.Any(wanted.Columns.Contains)).ToList();
        // What was in its way made room for another meanwhile; if there was nothing, it is refused once more.
        if (met.Count == 0) return [wanted];
        if (!met.TrueForAll(r => isOurs(r))) return null;
        var masks = met.Where(static r => r.Column is not null).ToList();
        var taken = policies.Where(static r => r.Column is not null).SelectMany(r => masks.Contains(r) ? [r.Column!] : r.Columns).Concat(wanted.Columns).ToHashSet(StringComparer.Ordinal);
        var steps = masks.Where(static r => r.Columns.Count > 1).Select(r => Column(of, r.Column!) is { } column ? closing.Mask(column) : null).ToList();
        var isMasked = masks.Exists(r => wanted.Columns.Contains(r.Column!));
        if (met.Exists(static r => r.Column is null)) steps.Add(Rows());
        if (!isMasked) steps.Add(wanted);
        else if (!policies.Exists(r => r.Column == wanted.Column && isOurs(r) && closing.IsOne(of, r.Policy)))
            steps.Add(wanted.Column is null ? Rows() : Column(of, wanted.Column) is { } own ? closing.Mask(own) : null);
        return steps.Contains(null) ? null : [.. steps.Select(static s => s!)];

        SetPolicy? Rows()
        {
            var free = of.Columns.Where(c => !taken.Contains(c.Name)).ToList();
            return (free.Find(c => !asked.Contains(c.Name)) ?? free.FirstOrDefault()) is { } column ? closing.Rows(column) : null;
        }
    }

    private static GovernedColumn? Column(GovernedObject of, string name) => of.Columns.FirstOrDefault(c => c.Name == name);
}
