using Sluice.Core.Connections;

namespace Sluice.Core.Planning;

/// <summary>
/// Which plans wait for somebody's confirmation: those that take away or uncover more pairs of person and object than
/// <c>min(1,000, 20 % of the connection's pairs)</c> and more than 25. Never held are expiry, disabled people, subscriptions that end by hand, and what changes for one
/// person alone.
/// </summary>
public static class PlanGuard
{
    private const long Most = 1_000;
    private const long FewEnough = 25;
    private const int ShareOfPairs = 5;

    /// <summary>Why a plan has to wait; null when it need not.</summary>
    public static string? ReasonToWait(PlanImpact impact, ConnectionSettings settings)
    {
        var usual = Math.Max(FewEnough, Math.Min(Most, impact.Before / ShareOfPairs));
        var (mostLost, mostGained) = (settings.GuardMaxLost ?? usual, settings.GuardMaxGained ?? usual);
        if (impact.HeldLost > mostLost)
            return $"It takes away {impact.HeldLost} pairs of person and object of {impact.Before}; more than {mostLost} wait for a confirmation.";
        return impact.HeldGained > mostGained
            ? $"It grants or uncovers {impact.HeldGained} pairs of person and object, where there are {impact.Before}; more than {mostGained} wait for a confirmation."
            : null;
    }

    /// <summary>
    /// The changes that are made even while their plan is held: what disabled people lose, and the end of one person's own subscription. A grant that only makes
    /// room for another to the same grantee, or to an audience that the grantee joins, waits with that one.
    /// </summary>
    public static IEnumerable<Change> NeverHeld(IReadOnlyList<Change> changes, ImpactScope scope)
    {
        var coming = changes.Where(static c => c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.Grant }).Select(static c => (c.Key.Object, c.Key.Subject)).ToHashSet();
        var joining = changes.Where(static c => c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.Member }).Select(static c => c.Key.Detail).ToHashSet(StringComparer.Ordinal);
        return changes.Where(c => IsNeverHeld(c, scope) && !(c.Key.Kind == FactKind.Grant && (coming.Contains((c.Key.Object, c.Key.Subject)) || joining.Contains(c.Key.Subject))));
    }

    /// <summary>Whether a change is of those kinds.</summary>
    public static bool IsNeverHeld(Change change, ImpactScope scope) =>
        change.Verb == ChangeVerb.Remove && change.Key.Kind switch
        {
            FactKind.Member => scope.Disabled.Contains(change.Key.Detail) || scope.IsDirect(change.Key.Subject),
            FactKind.Grant => scope.Disabled.Contains(change.Key.Subject) || scope.IsDirect(change.Key.Subject) || scope.DirectGrants.Contains(change.Key),
            _ => false,
        };
}
