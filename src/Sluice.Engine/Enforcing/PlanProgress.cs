using Sluice.Core.Planning;
using Sluice.Storage.Connections;
using Sluice.Storage.History;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <summary>
/// Takes up what an earlier run left: changes of which nobody knows how they ended, and a plan that somebody wanted and that was cut off. What is left to do of
/// such a plan was confirmed with it, so nobody is asked twice.
/// </summary>
internal sealed class PlanProgress(IPlanStore plans, IChangeHistory history, CutOffChanges cutOff, FactsInForce inForce, OwnGrants own)
{
    // One, but for those that somebody wanted while it was applied.
    private const int MostWanted = 100;

    /// <summary>Writes down what the platform shows of what was done.</summary>
    /// <returns>The plans that were begun and not completed.</returns>
    public async Task<IReadOnlyList<ChangeRun>> LookAsync(StoredConnection connection, ComputedPlan computed, CancellationToken cancellationToken)
    {
        var intent = computed.Read.Intent;
        var seen = new FactAlignment(computed.Observed, intent.Objects.Select(static o => o.Object.Path).Concat(intent.OwnGrants.Select(static g => g.Object!)));
        var begun = await cutOff.ResolveAsync(connection.Id, seen, cancellationToken);
        await inForce.AlignAsync(connection.Id, intent, seen, cancellationToken);
        await own.AlignAsync(connection, computed, cancellationToken);
        return begun;
    }

    /// <summary>The plan that somebody wants applied, if it is still the plan there is, or what is left to do is left of it. Others are refused.</summary>
    public async Task<StoredPlan?> WantedAsync(
        StoredConnection connection, ComputedPlan computed, IReadOnlyList<ChangeRun> begun, Actor by, CancellationToken cancellationToken)
    {
        StoredPlan? wanted = null;
        foreach (var plan in await plans.OfConnectionAsync(connection.Id, PlanState.Applying, MostWanted, cancellationToken))
        {
            var isBegun = begun.Any(b => b.PlanId == plan.Id);
            if (wanted is null && (plan.Digest.AsSpan().SequenceEqual(computed.Digest) || (isBegun && await IsLeftOfAsync(plan, computed.Plan, cancellationToken)))) wanted = plan;
            else if (isBegun) await plans.MoveAsync(plan.Id, [PlanState.Applying], PlanState.Failed, "It was cut off, and what it was made from has changed since: what was left of it was not done. Make a new plan.", by, cancellationToken);
            else await plans.MoveAsync(plan.Id, [PlanState.Applying], PlanState.Stale, "What it was made from has changed since: nothing of it was done. Make a new plan.", by, cancellationToken);
        }

        foreach (var run in begun)
            if (run.PlanId != wanted?.Id) await history.CompleteAsync(connection.Id, run.PlanId, cancellationToken);
        return wanted;
    }

    /// <summary>Records how a plan ended.</summary>
    public async Task EndAsync(StoredPlan plan, PlanState state, string? reason, Actor by, CancellationToken cancellationToken)
    {
        await plans.MoveAsync(plan.Id, [PlanState.Applying], state, reason, by, cancellationToken);
        await history.CompleteAsync(plan.ConnectionId, plan.Id, cancellationToken);
    }

    /// <summary>Records that a plan was stopped before its end. What nobody heard the outcome of is looked for at the next reconcile.</summary>
    public Task StopAsync(StoredPlan plan, string reason, Actor by, CancellationToken cancellationToken) =>
        plans.MoveAsync(plan.Id, [PlanState.Applying], PlanState.Failed, reason, by, cancellationToken);

    private async Task<bool> IsLeftOfAsync(StoredPlan plan, Plan computed, CancellationToken cancellationToken)
    {
        if (await plans.DocumentAsync(plan.Id, cancellationToken) is not { } document) return false;
        // What is added where it is not there yet, and replaced where it is, comes to the same.
        var confirmed = PlanJson.Read(document).Changes.Select(Step).ToHashSet();
        return computed.Changes.All(c => confirmed.Contains(Step(c)));

        static (FactKey, bool, string) Step(Change change) => (change.Key, change.Verb == ChangeVerb.Remove, change.Definition);
    }
}
