using Sluice.Core.Catalog;
using Sluice.Core.Connections;

namespace Sluice.Core.Planning;

/// <summary>
/// Which plans wait for somebody's confirmation: those that take away or uncover more pairs of person and object than
/// <c>min(1,000, 20 % of the connection's pairs)</c> and more than 25. Never held are expiry, people who are disabled or deleted, subscriptions that end by hand, and
/// what changes for one person alone.
/// </summary>
public static class PlanGuard
{
    private const long Most = 1_000;
    private const long FewEnough = 25;
    private const int ShareOfPairs = 5;

    /// <summary>Why a plan has to wait; null when it need not.</summary>
    /// <param name="impact">What the plan comes to.</param>
    /// <param name="expired">What of it comes of expiries; null: nothing.</param>
    /// <param name="settings">The connection's.</param>
    public static string? ReasonToWait(PlanImpact impact, ExpiredAccess? expired, ConnectionSettings settings)
    {
        var usual = Math.Max(FewEnough, Math.Min(Most, impact.Before / ShareOfPairs));
        var (mostLost, mostGained) = (settings.GuardMaxLost ?? usual, settings.GuardMaxGained ?? usual);
        // An expiry ends something. Where a rule's NOT makes it open something, that counts like any gain.
        var (lost, gained) = (Math.Min(impact.HeldLost, expired?.HeldLost ?? long.MaxValue), impact.HeldGained);
        if (lost > mostLost) return $"It takes away {lost} pairs of person and object of {impact.Before}; more than {mostLost} wait for a confirmation.";
        return gained > mostGained
            ? $"It grants or uncovers {gained} pairs of person and object, where there are {impact.Before}; more than {mostGained} wait for a confirmation."
            : null;
    }

    /// <summary>
    /// The changes that are made even while their plan is held: what people lose who are disabled or deleted, the end of one person's own subscription, of an exemption that the
    /// connection's settings gave, and what an expiry takes away. A grant that only makes room for another to the same grantee, or to an audience that the grantee joins, waits with that one.
    /// </summary>
    /// <param name="changes">The plan's.</param>
    /// <param name="observed">What it was made from.</param>
    /// <param name="expired">What of it comes of expiries; null: nothing.</param>
    /// <param name="scope">Who counts.</param>
    public static IEnumerable<Change> NeverHeld(IReadOnlyList<Change> changes, ObservedState observed, ExpiredAccess? expired, ImpactScope scope)
    {
        var coming = changes.Where(static c => c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.Grant }).Select(static c => (c.Key.Object, c.Key.Subject)).ToHashSet();
        var joining = changes.Where(static c => c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.Member }).Select(static c => c.Key.Detail).ToHashSet(StringComparer.Ordinal);
        var granted = new Lazy<ILookup<string, ObjectPath>>(() => observed.Facts
            .Where(static f => f.Key is { Kind: FactKind.Grant, Object: not null })
            .ToLookup(static f => f.Key.Subject, static f => f.Key.Object!, StringComparer.Ordinal));
        return changes.Where(c =>
            (IsNeverHeld(c, scope) || (expired is not null && IsByExpiry(c, expired, granted)))
            && !(c.Key.Kind == FactKind.Grant && (coming.Contains((c.Key.Object, c.Key.Subject)) || joining.Contains(c.Key.Subject))));
    }

    /// <summary>Whether a change takes something away from whom that is never held for, whatever else has changed.</summary>
    public static bool IsNeverHeld(Change change, ImpactScope scope) =>
        change.Verb == ChangeVerb.Remove && change.Key.Kind switch
        {
            FactKind.Member => scope.IsDeprovisioned(change.Key.Detail) || scope.IsDirect(change.Key.Subject),
            FactKind.Grant => scope.IsDeprovisioned(change.Key.Subject) || scope.IsDirect(change.Key.Subject) || scope.DirectGrants.Contains(change.Key),
            FactKind.Exemption => change.Key.IsExemptionFromAll,
            _ => false,
        };

    // Of somebody who would keep an object but for an expiry goes every way to it, though other changes of the plan would take that way too.
    private static bool IsByExpiry(Change change, ExpiredAccess expired, Lazy<ILookup<string, ObjectPath>> granted) => change.Key.Kind switch
    {
        FactKind.Member when change.Verb == ChangeVerb.Remove =>
            expired.Explains(change) || granted.Value[change.Key.Subject].Any(on => expired.Ends(change.Key.Detail, on)),
        FactKind.Grant when change.Verb == ChangeVerb.Remove =>
            expired.Explains(change) || (change.Key.Object is { } on && expired.Ends(change.Key.Subject, on)),
        FactKind.Exemption when change.Verb == ChangeVerb.Remove => expired.Explains(change),
        FactKind.Entitlement when change.Verb != ChangeVerb.Add => expired.Explains(change),
        _ => false,
    };
}
