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
    /// <returns>Nothing to set where it is closed already; null where what is in its way is somebody else's, or where nothing can be held or closed without showing something.</returns>
    public static Room? Steps(
        GovernedObject of, SetPolicy wanted, IReadOnlyList<PolicyReference> set, Func<PolicyReference, bool> isOurs, ClosingPolicy closing, IReadOnlyList<SetPolicy> asked)
    {
        var policies = set.Where(static r => r.Kind is PolicyReference.Masking or PolicyReference.RowAccess).ToList();
        var met = policies.Where(r => r.Column != wanted.Column && r.Columns.Any(wanted.Columns.Contains)).ToList();
        // What was in its way made room for another meanwhile; if there was nothing, it is refused once more.
        if (met.Count == 0) return new Room([wanted], false);
        if (!met.TrueForAll(r => isOurs(r))) return null;
        var masks = met.Where(static r => r.Column is not null).ToList();
        var askedColumns = asked.SelectMany(static p => p.Columns).ToHashSet(StringComparer.Ordinal);
        var taken = policies.Where(static r => r.Column is not null).SelectMany(r => masks.Contains(r) ? [r.Column!] : r.Columns).Concat(wanted.Columns).ToHashSet(StringComparer.Ordinal);
        var steps = masks.Where(static r => r.Columns.Count > 1).Select(r => Column(of, r.Column!) is { } column ? closing.Mask(column) : null).ToList();
        var isMasked = masks.Exists(r => wanted.Columns.Contains(r.Column!));
        if (met.Find(static r => r.Column is null) is { } filter)
        {
            var free = Rows();
            if (free is null && wanted.Column is not null && RestOf(of, asked) is not null && Column(of, filter.Columns[0]) is { } filtered)
                return new Room(closing.IsOne(of, filter.Policy) ? [] : [closing.Rows(filtered)], true);
            steps.Add(free);
        }

        if (!isMasked) steps.Add(wanted);
        else if (!policies.Exists(r => r.Column == wanted.Column && isOurs(r) && closing.IsOne(of, r.Policy)))
            steps.Add(wanted.Column is null ? Rows() : Column(of, wanted.Column) is { } own ? closing.Mask(own) : null);
        return steps.Contains(null) ? null : new Room([.. steps.Select(static s => s!)], false);

        SetPolicy? Rows()
        {
            var free = of.Columns.Where(c => !taken.Contains(c.Name)).ToList();
            return (free.Find(c => !askedColumns.Contains(c.Name)) ?? free.FirstOrDefault()) is { } column ? closing.Rows(column) : null;
        }
    }

    /// <summary>A column that stands in no mask when all is as it shall be; null where each does.</summary>
    public static GovernedColumn? RestOf(GovernedObject of, IReadOnlyList<SetPolicy> asked)
    {
        var masked = asked.Where(static p => p.Column is not null).SelectMany(static p => p.Columns).ToHashSet(StringComparer.Ordinal);
        var rows = asked.FirstOrDefault(static p => p.Column is null);
        return rows is not null ? Column(of, rows.Columns[0]) : of.Columns.FirstOrDefault(c => !masked.Contains(c.Name));
    }

    private static GovernedColumn? Column(GovernedObject of, string name) => of.Columns.FirstOrDefault(c => c.Name == name);
}

/// <summary>How a policy comes in the place of one that it meets on a column.</summary>
/// <param name="Steps">What to set now, in this order.</param>
/// <param name="IsBehindRows">
/// Whether it is a mask that can't be set before the policy that it meets has left its column, and no other column is free for that one: no row is shown until then.
/// </param>
internal sealed record Room(IReadOnlyList<SetPolicy> Steps, bool IsBehindRows);
