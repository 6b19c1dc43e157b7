using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>Who gains and loses what by a plan, in pairs of a platform identity and an object.</summary>
/// <param name="Lost">Pairs that end: the identity read the object by something the plan takes away, and reads it no more.</param>
/// <param name="Gained">Pairs that begin, or in which something is uncovered: a column, rows, an exemption.</param>
/// <param name="Before">All pairs there are before.</param>
/// <param name="HeldLost">Of <paramref name="Lost"/> those that the guard counts; see <see cref="PlanGuard"/>.</param>
/// <param name="HeldGained">Of <paramref name="Gained"/> likewise.</param>
/// <param name="Examples">Some of them, for people; at most <see cref="MaxExamples"/>.</param>
public sealed record PlanImpact(long Lost, long Gained, long Before, long HeldLost, long HeldGained, IReadOnlyList<ImpactExample> Examples)
{
    /// <summary>So many examples are kept.</summary>
    public const int MaxExamples = 100;

    internal static PlanImpact Of(IReadOnlyList<Change> changes, ObservedState observed, ImpactScope scope)
    {
        var before = new AccessPicture(observed.Facts.Select(static f => f.Key), scope);
        var after = before.After(changes);
        var uncovered = changes
            .Where(static c => c.Key.Kind is FactKind.Exemption or FactKind.Entitlement && c.Verb != ChangeVerb.Remove)
            .Select(static c => c.Key.Subject).ToHashSet(StringComparer.Ordinal);

        long lost = 0, gained = 0, pairs = 0;
        var losers = new Dictionary<string, long>(StringComparer.Ordinal);
        var winners = new Dictionary<string, long>(StringComparer.Ordinal);
        var examples = new List<ImpactExample>();
        foreach (var group in AccessPicture.Alike(before, after))
        {
            var was = before.Readers(group.Before);
            var becomes = after.Readers(group.After);
            pairs += (long)was.Count * group.Objects.Count;
            var isUnprotected = group.Before.Protections.Except(group.After.Protections, StringComparer.Ordinal).Any();
            foreach (var (identity, had) in was)
            {
                if (becomes.TryGetValue(identity, out var has))
                {
                    if (!isUnprotected && has.IsSubsetOf(had) && !(group.After.Protections.Count > 0 && uncovered.Contains(identity))) continue;
                    Count(winners, identity, group, ref gained, isLoss: false);
                }
                else Count(losers, identity, group, ref lost, isLoss: true);
            }

            foreach (var identity in becomes.Keys.Where(i => !was.ContainsKey(i))) Count(winners, identity, group, ref gained, isLoss: false);
        }

        return new PlanImpact(lost, gained, pairs, Held(losers, scope), Held(winners, scope), examples);

        void Count(Dictionary<string, long> who, string identity, AccessPicture.Group group, ref long sum, bool isLoss)
        {
            sum += group.Objects.Count;
            // A direct subscription ends by hand or by its own expiry, which nobody has to confirm again.
            var counts = !isLoss || group.Before.Grants.Any(g => !scope.IsDirect(g.Subject) && before.IsMember(g.Subject, identity));
            if (counts) who[identity] = who.GetValueOrDefault(identity) + group.Objects.Count;
            foreach (var on in group.Objects.Take(MaxExamples - examples.Count)) examples.Add(new ImpactExample(identity, on, isLoss));
        }
    }

    // What becomes of one person alone is never held, nor what disabled people lose.
    private static long Held(Dictionary<string, long> who, ImpactScope scope)
    {
        var counted = who.Where(w => !scope.Disabled.Contains(w.Key)).ToList();
        return counted.Count <= 1 ? 0 : counted.Sum(static w => w.Value);
    }
}

/// <summary>One pair that ends, or begins or is uncovered.</summary>
/// <param name="Identity">The person's identity on the platform.</param>
/// <param name="Object">The object.</param>
/// <param name="IsLost">Whether it ends.</param>
public sealed record ImpactExample(string Identity, ObjectPath Object, bool IsLost);
