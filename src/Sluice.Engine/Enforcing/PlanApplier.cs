using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms;

namespace Sluice.Engine.Enforcing;

/// <summary>
/// Makes a plan's changes, phase by phase. Where a change failed, nothing is granted or uncovered any more on that object, audience or person, and nobody joins an audience that reads
/// the object: that was safe only after the change that failed, unless something stricter stands in its place. Access is taken away all the same, unless another try of what failed may soon help those who would be interrupted.
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
            foreach (var change in phase)
            {
                if (blocked.ReasonFor(change) is { } reason) await TellAsync(new ChangeOutcome(change, $"Not made: {reason}", IsTransient: true));
                else ready.Add(change);
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

        // What was only held back holds nothing back itself: what failed before it does.
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
        private ChangeOutcome? _everything;
        private ChangeOutcome? _knowledge;
        private ILookup<ObjectPath?, string>? _granted;

        public void Add(ChangeOutcome failed)
        {
            var key = failed.Change.Key;
            switch (key.Kind)
            {
                case FactKind.Support:
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
                default:
                    if (key.Object is not { } on) break;
                    _objects.TryAdd(on, failed);
                    if (key.Kind is FactKind.Mask or FactKind.RowRule) foreach (var reader in ReadersOf(on)) _readers.TryAdd(reader, failed);
                    break;
            }
        }

        public string? ReasonFor(Change change)
        {
            var key = change.Key;
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
            var about = failed.Change.Key;
            return $"an earlier change ({about.Kind} {about.Object?.ToString() ?? about.Subject}) failed: {failed.Error}";
        }

        // Those that shall read it, and those that do until it is taken from them.
        private IEnumerable<string> ReadersOf(ObjectPath on) => (_granted ??= (desired?.Facts ?? []).Select(static f => f.Key).Concat(changes.Select(static c => c.Key))
            .Where(static k => k.Kind == FactKind.Grant).ToLookup(static k => k.Object, static k => k.Subject))[on];
    }
}
