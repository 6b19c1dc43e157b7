using Sluice.Core.Planning;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <summary>Which grants are ours by the plans that were applied, for platforms whose grants carry no mark.</summary>
internal sealed class OwnGrants(IPlanStore plans)
{
    /// <summary>All of a connection's.</summary>
    public async Task<GrantLedger> AllAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        var ledger = new GrantLedger();
        foreach (var plan in (await AppliedAsync(connectionId, cancellationToken)).Reverse())
            if (await plans.DocumentAsync(plan.Id, cancellationToken) is { } document) ledger.Take(PlanJson.Read(document).Changes, plan.State == PlanState.Applied);
        return ledger;
    }

    /// <summary>Those among these grants, by what was done before a plan: the newest plan that names a grant tells.</summary>
    public async Task<IReadOnlySet<FactKey>> AmongAsync(Guid connectionId, Guid before, IEnumerable<FactKey> grants, CancellationToken cancellationToken)
    {
        var (open, ours) = (grants.ToHashSet(), new HashSet<FactKey>());
        foreach (var plan in await AppliedAsync(connectionId, cancellationToken))
        {
            if (open.Count == 0) break;
            if (plan.Id == before || await plans.DocumentAsync(plan.Id, cancellationToken) is not { } document) continue;
            var (changes, isComplete) = (PlanJson.Read(document).Changes, plan.State == PlanState.Applied);
            var ledger = new GrantLedger();
            ledger.Take(changes, isComplete);
            foreach (var key in changes.Where(c => GrantLedger.Tells(c, isComplete)).Select(static c => c.Key).Where(open.Remove))
                if (ledger.Made.Contains(key)) ours.Add(key);
        }

        return ours;
    }

    private async Task<IReadOnlyList<StoredPlan>> AppliedAsync(Guid connectionId, CancellationToken cancellationToken) =>
        [.. (await plans.OfConnectionAsync(connectionId, null, int.MaxValue, cancellationToken)).Where(static p => p.State is PlanState.Applying or PlanState.Applied or PlanState.Failed)];
}
