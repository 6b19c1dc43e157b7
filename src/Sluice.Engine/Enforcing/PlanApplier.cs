using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms;

namespace Sluice.Engine.Enforcing;

/// <summary>
/// Makes a plan's changes, phase by phase. Where a change failed, nothing is granted or uncovered any more on that object, audience or person, and nobody joins an audience that reads
/// the object: that was safe only after the change that failed, unless something stricter stands in its place. Somebody who could not be granted something keeps it from nobody else. Access is taken away all the same,
/// unless another try of what failed may soon help those who would be interrupted. What a mask or row rule rests on stays while one could not be changed, and so does what is known of somebody from whom a grant could not be taken.
/// While anything could not be taken or protected, nobody begins to be exempt from everything.
/// </summary>
internal static class PlanApplier
{
    /// <summary>Makes the changes.</summary>
    /// <param name="session">The platform.</param>
    /// <param name="intent">What the plan was made from.</param>
    /// <param name="changes">In the order of the plan.</param>
    /// <param name="desired">What shall be, where it is known: by its grants it tells, with those among the changes, which audiences read an object.</param>
    /// <param name="beforePhase">Called with what a phase is about to do, before it does it.</param>
    /// <param name="onOutcome">Called with each outcome.</param>
    /// <param name="cancellationToken">Stops between two changes.</param>
    /// <returns>How each change ended; those that were left out for an earlier failure are failures too.</returns>
    public static async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(
        IAppliesChanges session,
        AccessIntent intent,
        IReadOnlyList<Change> changes,
        DesiredState? desired,
        Func<IReadOnlyList<Change>, Task> beforePhase,
        Func<ChangeOutcome, Task> onOutcome,
        CancellationToken cancellationToken)
    {
        var outcomes = new List<ChangeOutcome>(changes.Count);
        var blocked = new Blocked(desired, changes);
        foreach (var phase in changes.GroupBy(static c => c.Phase).OrderBy(static g => g.Key))
        {
            var ready = new List<Change>();
            foreach (var (change, cause) in blocked.CausesOf([.. phase]))
            {
                if (cause is null) ready.Add(change);
                else await TellAsync(new ChangeOutcome(change, $"Not made: {Blocked.ReasonOf(cause)}", IsTransient: true));
            }

            if (ready.Count == 0) continue;
            await beforePhase(ready);
            var open = ready.ToHashSet();
            await foreach (var outcome in session.ApplyAsync(intent, ready, cancellationToken))
            {
                open.Remove(outcome.Change);
                await EndAsync(outcome);
            }

            // A platform that forgets a change must not make it look done.
            foreach (var change in open) await EndAsync(new ChangeOutcome(change, "The platform told nothing of it.", IsTransient: true));
        }

        return outcomes;

        Task EndAsync(ChangeOutcome outcome)
        {
            if (outcome is { Error: not null, IsContained: false }) blocked.Add(outcome);
            return TellAsync(outcome);
        }

        // What was only held back holds nothing back itself but what rests on it: what failed before it does.
        Task TellAsync(ChangeOutcome outcome)
        {
            outcomes.Add(outcome);
            return onOutcome(outcome);
        }
    }

    private sealed class Blocked(DesiredState? desired, IReadOnlyList<Change> changes)
    {
        private readonly Dictionary<string, ChangeOutcome> _readers = new(StringComparer.Ordinal);
        private readonly Dictionary<ObjectPath, ChangeOutcome> _objects = [];
        private readonly Dictionary<string, ChangeOutcome> _subjects = new(StringComparer.Ordinal);
        private readonly Dictionary<ObjectPath, ChangeOutcome> _unrevoked = [];
        private readonly Dictionary<FactKey, ChangeOutcome> _untold = [];
        private readonly Dictionary<string, ChangeOutcome> _staying = new(StringComparer.Ordinal);
        private readonly Dictionary<string, ChangeOutcome> _keeping = new(StringComparer.Ordinal);
        private ChangeOutcome? _everything;
        private ChangeOutcome? _knowledge;
        private ChangeOutcome? _protection;
        private ChangeOutcome? _replacement;
        private ILookup<ObjectPath?, string>? _granted;

        public void Add(ChangeOutcome failed)
        {
            var key = failed.Change.Key;
            switch (key.Kind)
            {
                case FactKind.Support:
                    _everything ??= failed;
                    break;
                case FactKind.Exemption when key.IsExemptionFromAll && failed.Change.Verb == ChangeVerb.Remove:
                    // By a role anybody may have it still.
                    _everything ??= failed;
                    break;
                case FactKind.Audience:
                    _subjects.TryAdd(key.Subject, failed);
                    break;
                case FactKind.Exemption or FactKind.Entitlement:
                    _subjects.TryAdd(key.Subject, failed);
                    _knowledge ??= failed;
                    break;
                case FactKind.Member:
                    _subjects.TryAdd(key.Subject, failed);
                    _subjects.TryAdd(key.Detail, failed);
                    break;
                case FactKind.Grant when failed is { IsTransient: false, Change.Verb: ChangeVerb.Add }:
                    // Whoever reads nothing meets no protection, the old or the new one, and nobody else's access waits for it.
                    break;
                default:
                    if (key.Object is not { } on) break;
                    _objects.TryAdd(on, failed);
                    if (key.Kind is FactKind.Mask or FactKind.RowRule) foreach (var reader in ReadersOf(on)) _readers.TryAdd(reader, failed);
                    break;
            }

            Keep(failed.Change, failed);
        }

        /// <summary>The changes of a phase, each with the failure that holds it back; null: it can be made.</summary>
        public IReadOnlyList<(Change Change, ChangeOutcome? Cause)> CausesOf(IReadOnlyList<Change> phase)
        {
            foreach (var change in phase)
                if (CauseOf(change) is { } cause) Keep(change, cause);
            // What was held back just now holds back what rests on it, which may be in the same phase.
            return [.. phase.Select(c => (c, CauseOf(c)))];
        }

        public static string ReasonOf(ChangeOutcome failed)
        {
            var about = failed.Change.Key;
            return $"an earlier change ({about.Kind} {about.Object?.ToString() ?? about.Subject}) failed: {failed.Error}";
        }

        // What stays as it was goes on needing what it rests on.
        private void Keep(Change change, ChangeOutcome cause)
        {
            var (key, isRemoved) = (change.Key, change.Verb == ChangeVerb.Remove);
            if (key.Kind is FactKind.Mask or FactKind.RowRule) _protection ??= cause;
            if (key.Kind is FactKind.Mask or FactKind.RowRule && change.Verb == ChangeVerb.Replace && cause.IsTransient) _replacement ??= cause;
            if (key.Kind == FactKind.Entitlement) _untold.TryAdd(key, cause);
            if (key.Kind == FactKind.Grant && isRemoved)
            {
                _keeping.TryAdd(key.Subject, cause);
                if (key.Object is { } read) _unrevoked.TryAdd(read, cause);
            }

            if (key.Kind == FactKind.Member && isRemoved)
            {
                _keeping.TryAdd(key.Detail, cause);
                _staying.TryAdd(key.Subject, cause);
            }
        }

        // What masks and row rules rest on, and what is known of people who still have what they had.
        private ChangeOutcome? RestingCauseOf(Change change) => change switch
        {
            { Phase: ChangePhase.Clean, Verb: ChangeVerb.Remove, Key.Kind: FactKind.Support } => _protection ?? _keeping.GetValueOrDefault(change.Key.Subject),
            { Phase: ChangePhase.Clean, Verb: ChangeVerb.Add, Key.IsExemptionFromAll: true } => _protection ?? _keeping.Values.FirstOrDefault(),
            // Its last step has all that is to be known in the end.
            { Phase: ChangePhase.Clean, Key.Kind: FactKind.Exemption or FactKind.Entitlement } => _protection ?? _untold.GetValueOrDefault(change.Key),
            // The new knowledge with the old rule might show what neither state does. Who is exempt no more sees less by either.
            { Phase: ChangePhase.Know, Verb: not ChangeVerb.Remove, Key.Kind: FactKind.Exemption or FactKind.Entitlement } => _replacement,
            _ => null,
        };

        // Whoever goes on reading an object, by a grant or in an audience, is to see no more of it.
        private ChangeOutcome? StayingCauseOf(Change change)
        {
            if (change.Key.Object is not { } on || change.Phase is not (ChangePhase.Know or ChangePhase.LateGrant or ChangePhase.Unprotect)) return null;
            if (_unrevoked.GetValueOrDefault(on) is { } unrevoked) return unrevoked;
            return change.Phase == ChangePhase.Unprotect && _staying.Count > 0 && ReadersOf(on).FirstOrDefault(_staying.ContainsKey) is { } audience ? _staying[audience] : null;
        }

        private ChangeOutcome? CauseOf(Change change)
        {
            var key = change.Key;
            if (RestingCauseOf(change) is { } resting) return resting;
            if (StayingCauseOf(change) is { } staying) return staying;
            var failed = _everything
                ?? (key.Object is { } on ? _objects.GetValueOrDefault(on) : null)
                ?? _subjects.GetValueOrDefault(key.Subject)
                ?? (key.Kind == FactKind.Member ? _subjects.GetValueOrDefault(key.Detail) : null)
                // Who joins an audience reads what it reads, and meets the protections that are there.
                ?? (key.Kind == FactKind.Member && change.Verb == ChangeVerb.Add ? _readers.GetValueOrDefault(key.Subject) : null)
                // An audience has members about whom the old is known still, and so has an object readers.
                ?? (change.Phase is ChangePhase.LateGrant or ChangePhase.Unprotect ? _knowledge : null);
            if (failed is null || change.Phase is ChangePhase.Prepare or ChangePhase.Protect) return null;
            if (change.Phase is ChangePhase.EarlyRevoke or ChangePhase.Revoke && !failed.IsTransient) return null;
            return failed;
        }

        // Those that shall read it, and those that do until it is taken from them.
        private IEnumerable<string> ReadersOf(ObjectPath on) => (_granted ??= (desired?.Facts ?? []).Select(static f => f.Key).Concat(changes.Select(static c => c.Key))
            .Where(static k => k.Kind == FactKind.Grant).ToLookup(static k => k.Object, static k => k.Subject))[on];
    }
}
