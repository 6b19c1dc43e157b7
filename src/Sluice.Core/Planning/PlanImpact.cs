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

    internal static PlanImpact Of(IReadOnlyList<Change> changes, FactTable observed, FactNumbers numbers, ImpactScope scope)
    {
        // What is told before a rule comes uncovers nothing but where a rule is replaced by one that may ask it, and what is forgotten after one has gone nothing at all.
        var isReplaced = changes.Any(static c => c is { Verb: ChangeVerb.Replace, Key.Kind: FactKind.Mask or FactKind.RowRule });
        var uncovered = changes
            .Where(c => c.Verb != ChangeVerb.Remove && (c.Key.Kind == FactKind.Exemption || (c.Key.Kind == FactKind.Entitlement && (c.Phase == ChangePhase.Know || (isReplaced && c.Phase == ChangePhase.Prepare)))))
            .Select(c => numbers.NumberOf(c.Key.Subject)).ToHashSet();
        var picture = new AccessPicture(observed, numbers, changes, scope.ObjectDepth, uncovered.Count > 0);

        long lost = 0, gained = 0, pairs = picture.UnchangedPairs;
        // By the numbers of their names.
        var losers = new long[numbers.NameCount];
        var winners = new long[numbers.NameCount];
        var examples = new List<ImpactExample>();
        var comparison = new ReaderComparison(picture.Changed.Count == 0 ? 0 : numbers.NameCount, picture.Before, picture.After);
        foreach (var group in picture.Changed)
        {
            foreach (var person in comparison.Compare(group.GrantsBefore, group.GrantsAfter))
            {
                var reading = comparison[person];
                if (reading.HasFlag(Reading.Before)) pairs += group.Objects.Count;
                if (!reading.HasFlag(Reading.After)) Count(losers, person, group, ref lost, isLoss: true);
                else if (!reading.HasFlag(Reading.Before) || reading.HasFlag(Reading.More) || group.IsUnprotected || (group.IsProtected && uncovered.Contains(person)))
                    Count(winners, person, group, ref gained, isLoss: false);
            }
        }

        return new PlanImpact(lost, gained, pairs, Held(losers, numbers, scope), Held(winners, numbers, scope), examples);

        void Count(long[] who, int person, AccessPicture.Group group, ref long sum, bool isLoss)
        {
            sum += group.Objects.Count;
            who[person] += isLoss ? LostByRule(person, group) : group.Objects.Count;
            if (examples.Count == MaxExamples) return;
            foreach (var on in group.Objects.Take(MaxExamples - examples.Count)) examples.Add(new ImpactExample(numbers.NameOf(person), numbers.PathOf(on), isLoss));
        }

        // A direct subscription ends by hand or by its own expiry, which nobody has to confirm again.
        int LostByRule(int person, AccessPicture.Group group)
        {
            // Without grants that tell of themselves, the objects of a group are all alike.
            if (scope.DirectGrants.Count == 0) return HadByRule(person, group.Objects[0], group.GrantsBefore) ? group.Objects.Count : 0;
            var count = 0;
            foreach (var on in group.Objects)
                if (HadByRule(person, on, group.GrantsBefore)) count++;
            return count;
        }

        bool HadByRule(int person, int on, ReadOnlySpan<NumberedKey> grants)
        {
            foreach (var grant in grants)
                if (picture.Before.IsAmong(person, grant.Subject) && !IsDirect(on, grant)) return true;
            return false;
        }

        bool IsDirect(int on, NumberedKey grant) =>
            scope.IsDirect(numbers.NameOf(grant.Subject))
            || (scope.DirectGrants.Count > 0 && scope.DirectGrants.Contains(new FactKey(grant.Kind, numbers.PathOf(on), numbers.NameOf(grant.Subject), numbers.NameOf(grant.Detail))));
    }

    // What becomes of one person alone is never held, nor what people lose who are disabled or deleted.
    private static long Held(long[] who, FactNumbers numbers, ImpactScope scope)
    {
        var (people, sum) = (0, 0L);
        for (var person = 0; person < who.Length; person++)
        {
            if (who[person] == 0 || scope.IsDeprovisioned(numbers.NameOf(person))) continue;
            people++;
            sum += who[person];
        }

        return people <= 1 ? 0 : sum;
    }
}

/// <summary>One pair that ends, or begins or is uncovered.</summary>
/// <param name="Identity">The person's identity on the platform.</param>
/// <param name="Object">The object.</param>
/// <param name="IsLost">Whether it ends.</param>
public sealed record ImpactExample(string Identity, ObjectPath Object, bool IsLost);
