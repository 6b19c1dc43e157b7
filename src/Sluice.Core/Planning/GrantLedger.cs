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
    /// <param name="changes">Its changes.</param>
    /// <param name="isComplete">Whether each of them was made. Else what it was to take away may be there still, and is ours as before.</param>
    public void Take(IReadOnlyList<Change> changes, bool isComplete = true)
    {
        foreach (var change in changes.Where(c => Tells(c, isComplete)))
        {
            if (change is { Verb: ChangeVerb.Add, Restore: null }) _made.Add(change.Key);
            else _made.Remove(change.Key);
        }
    }

    /// <summary>Whether a change of a plan tells whose a grant is after it.</summary>
    public static bool Tells(Change change, bool isComplete) =>
        change.Key.Kind == FactKind.Grant && (change.Verb == ChangeVerb.Add || (change.Verb == ChangeVerb.Remove && isComplete));

    /// <summary>What was observed, with what this ledger knows to be ours as ours.</summary>
    public ObservedState Owning(ObservedState observed) => observed with
    {
        Facts = [.. observed.Facts.Select(f => f.Owner != FactOwner.Ours && _made.Contains(f.Key) ? f with { Owner = FactOwner.Ours, Restore = null } : f)],
    };
}
