using Sluice.Core.Planning;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>The changes between what is desired and what was observed, in their phases: as few rules as a planner can have.</summary>
internal static class Difference
{
    public static IReadOnlyList<Change> Between(DesiredState desired, ObservedState observed)
    {
        var there = observed.Facts.Where(f => f.Owner != FactOwner.Foreign).ToDictionary(f => f.Key);
        var wanted = desired.Facts.ToDictionary(f => f.Key);
        var changes = new List<Change>();
        foreach (var fact in desired.Facts)
        {
            var verb = !there.TryGetValue(fact.Key, out var found) ? ChangeVerb.Add : found.Definition != fact.Definition ? ChangeVerb.Replace : (ChangeVerb?)null;
            if (verb is { } needed) changes.Add(new Change(PhaseOf(fact.Key, needed), needed, fact.Key, fact.Definition, fact.Reason));
        }

        foreach (var fact in there.Values.Where(f => !wanted.ContainsKey(f.Key)))
        {
            changes.Add(new Change(PhaseOf(fact.Key, ChangeVerb.Remove), ChangeVerb.Remove, fact.Key, fact.Definition, "not desired")
            {
                Restore = fact.Restore, MadeBy = fact.MadeBy,
            });
        }

        return [.. changes.OrderBy(c => c.Phase).ThenBy(c => c.Key.Kind).ThenBy(c => c.Key.Detail, StringComparer.Ordinal)];
    }

    private static ChangePhase PhaseOf(FactKey key, ChangeVerb verb) => (key.Kind, verb) switch
    {
        (FactKind.Exemption or FactKind.Entitlement, _) => ChangePhase.Know,
        (FactKind.Grant or FactKind.Member, ChangeVerb.Remove) => ChangePhase.Revoke,
        (FactKind.Grant or FactKind.Member, _) => ChangePhase.Grant,
        (_, ChangeVerb.Remove) => ChangePhase.Unprotect,
        _ => ChangePhase.Protect,
    };
}
