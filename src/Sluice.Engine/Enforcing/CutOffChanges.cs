using Sluice.Core.Audit;
using Sluice.Core.Planning;
using Sluice.Engine.Auditing;
using Sluice.Storage.Audit;
using Sluice.Storage.History;

namespace Sluice.Engine.Enforcing;

/// <summary>Gives every intent that a crash left without an outcome its outcome, by what the platform shows.</summary>
internal sealed class CutOffChanges(IChangeHistory history, IAuditStore audit, AuditRecorder recorder)
{
    private const int PageSize = 1000;

    /// <summary>Resolves them.</summary>
    /// <returns>The plans that were begun and not completed.</returns>
    public async Task<IReadOnlyList<ChangeRun>> ResolveAsync(Guid connectionId, FactAlignment seen, CancellationToken cancellationToken)
    {
        var runs = await history.RunsAsync(connectionId, cancellationToken);
        if (runs.Count == 0) return runs;
        var (open, last) = await OpenAsync(connectionId, runs, cancellationToken);
        foreach (var run in runs)
        {
            foreach (var some in open[run.PlanId].Values.Chunk(PageSize))
                await recorder.ObservedAsync(connectionId, run.PlanId == Guid.Empty ? null : run.PlanId, seen.SightOf(some), cancellationToken);
            await history.MoveOnAsync(run, last, cancellationToken);
        }

        return runs;
    }

    private async Task<(Dictionary<Guid, Dictionary<(FactKey, ChangeVerb), Change>> Open, long Last)> OpenAsync(
        Guid connectionId, IReadOnlyList<ChangeRun> runs, CancellationToken cancellationToken)
    {
        var after = runs.ToDictionary(static r => r.PlanId, static r => r.AfterSequence);
        var open = runs.ToDictionary(static r => r.PlanId, static _ => new Dictionary<(FactKey, ChangeVerb), Change>());
        for (var last = after.Values.Min(); ;)
        {
            var page = await audit.ReadAsync(AuditStream.Of(connectionId), last, PageSize, cancellationToken);
            foreach (var each in page.Select(static r => r.Event))
            {
                if (each.Action is not (AuditAction.ChangeIntended or AuditAction.ChangeOutcome)) continue;
                var plan = each.PlanId ?? Guid.Empty;
                if (!after.TryGetValue(plan, out var from) || each.Sequence <= from) continue;
                var change = AuditRecorder.ChangeOf(each);
                if (each.Action == AuditAction.ChangeIntended) open[plan][(change.Key, change.Verb)] = change;
                else open[plan].Remove((change.Key, change.Verb));
            }

            if (page.Count > 0) last = page[^1].Event.Sequence;
            if (page.Count < PageSize) return (open, last);
        }
    }
}
