namespace Sluice.Core.Planning;

/// <summary>
/// Which grants are Sluice's by what its plans did: added by one, and taken away by no later one. On a platform whose grants carry no mark, nothing else tells.
/// Grants that were put back for somebody else are not among them.
/// </summary>
public sealed class GrantLedger
{
    private readonly HashSet<FactKey> _made = [];

    /// <summary>The grants.</summary>
    public IReadOnlySet<FactKey> Made => _made;

    /// <summary>Takes up what a plan did, or tried to do; plans come in the order of their making.</summary>
    public void Take(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change.Key.Kind != FactKind.Grant) continue;
            if (change.Verb == ChangeVerb.Remove || change is { Verb: ChangeVerb.Add, Restore: not null }) _made.Remove(change.Key);
            else if (change.Verb == ChangeVerb.Add) _made.Add(change.Key);
        }
    }

    /// <summary>What was observed, with what this ledger knows to be ours as ours.</summary>
    public ObservedState Owning(ObservedState observed) => observed with
    {
        Facts = [.. observed.Facts.Select(f => f.Owner != FactOwner.Ours && _made.Contains(f.Key) ? f with { Owner = FactOwner.Ours, Restore = null } : f)],
    };
}
