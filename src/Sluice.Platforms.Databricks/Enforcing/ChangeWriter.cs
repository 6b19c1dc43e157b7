using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Makes the changes of a phase: what others rest on first and last, within that as much at once as Databricks bears.</summary>
internal sealed class ChangeWriter(GrantWriter grants, GroupWriter groups, RuleWriter rules, PeopleWriter people, ApplySight sight)
{
    private enum Step
    {
        Tables,
        People,
        Calls,
        Functions,
        Attachments,
        Groups,
        Members,
        Grants,
        RemovedFunctions,
        RemovedCalls,
        RemovedPeople,
        RemovedTables,
        RemovedGroups,
    }

    /// <summary>Makes them, and tells how each ended.</summary>
    public IAsyncEnumerable<ChangeOutcome> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> phase, CancellationToken cancellationToken) => ToldOutcomes.OfAsync(
        (tell, token) => MakeAsync(intent, phase, tell, token), cancellationToken);

    private async Task MakeAsync(AccessIntent intent, IReadOnlyList<Change> phase, Action<ChangeOutcome> tell, CancellationToken token)
    {
        var replaced = phase.Where(static c => c is { Verb: ChangeVerb.Replace, Key.Kind: FactKind.Mask or FactKind.RowRule }).ToList();
        if (!phase.Any(PeopleWriter.IsOfPeople))
        {
            // A mask with the rows of the other state might show what neither does as well: those wait closed until it is set.
            var masked = replaced.Where(static c => c.Key.Kind == FactKind.Mask).Select(static c => c.Key.Object).ToHashSet();
            replaced.RemoveAll(c => c.Key.Kind == FactKind.Mask || !masked.Contains(c.Key.Object));
        }

        string? failed = null;
        if (replaced.Count > 0)
        {
            try
            {
                await rules.CloseAsync(intent, replaced, token);
            }
            catch (PlatformException e)
            {
                // Neither then: each without the other might show too much.
                foreach (var change in phase) Tell(new ChangeOutcome(change, e.Message, e.IsTransient));
                return;
            }
        }

        foreach (var step in phase.GroupBy(StepOf).OrderBy(static g => g.Key))
        {
            // What is closed stays so while not everything that its function will ask is known.
            var isKept = step.Key == Step.Attachments && replaced.Count > 0 && failed is not null;
            await (step.Key switch
            {
                Step.Attachments when isKept => Refuse(step.Where(replaced.Contains), $"what it asks about people could not be written: {failed}"),
                Step.Grants => grants.WriteAsync(Permitted(step), Tell, token),
                Step.Groups or Step.RemovedGroups => groups.WriteGroupsAsync(intent, [.. step], Tell, token),
                Step.Members => groups.WriteMembersAsync(intent, [.. step], Tell, token),
                Step.Attachments => rules.AttachAsync(intent, [.. step], Tell, token),
                Step.People or Step.RemovedPeople => people.WriteAsync(step, Tell, token),
                Step.Calls => rules.WriteCallsAsync(step, Tell, token),
                _ => rules.WriteSupportAsync(step, Tell, token),
            });
            if (isKept) await rules.AttachAsync(intent, [.. step.Where(c => !replaced.Contains(c))], Tell, token);
        }

        if (failed is null) await rules.ForgetClosedAsync(token);

        void Tell(ChangeOutcome outcome)
        {
            if (outcome is { Error: { } error, IsContained: false }) Interlocked.CompareExchange(ref failed, error, null);
            sight.Tell(outcome);
            tell(outcome);
        }

        IReadOnlyList<Change> Permitted(IEnumerable<Change> changes)
        {
            var permitted = new List<Change>();
            foreach (var change in changes)
            {
                if (sight.Refuse(intent, change) is { } refused) Tell(refused);
                else permitted.Add(change);
            }

            return permitted;
        }

        Task Refuse(IEnumerable<Change> changes, string why)
        {
            foreach (var change in changes) Tell(new ChangeOutcome(change, why, IsTransient: true));
            return Task.CompletedTask;
        }
    }

    private static Step StepOf(Change change)
    {
        var isRemoved = change.Verb == ChangeVerb.Remove;
        if (PeopleWriter.IsOfPeople(change)) return isRemoved && change.Phase == ChangePhase.Clean ? Step.RemovedPeople : Step.People;
        return change.Key.Kind switch
        {
            FactKind.Support when SqlFunction.IsCall(change.Key.Subject) => isRemoved ? Step.RemovedCalls : Step.Calls,
            FactKind.Support when RuleWriter.IsFunction(change) => isRemoved ? Step.RemovedFunctions : Step.Functions,
            FactKind.Support => isRemoved ? Step.RemovedTables : Step.Tables,
            FactKind.Mask or FactKind.RowRule => Step.Attachments,
            FactKind.Audience => isRemoved ? Step.RemovedGroups : Step.Groups,
            FactKind.Member => Step.Members,
            _ => Step.Grants,
        };
    }
}
