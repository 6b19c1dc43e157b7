using Sluice.Core.Audit;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Plans;

/// <summary>What is recorded of plans, in their connection's stream. Their changes have rows of their own.</summary>
internal static class PlanEvents
{
    /// <summary>Of a new plan; null of one that is applied at once without anybody's asking: its changes tell of it.</summary>
    public static AuditEvent? Added(StoredPlan plan) => plan.State switch
    {
        PlanState.Proposed => Added(AuditAction.PlanMade, plan),
        PlanState.Held => Added(AuditAction.PlanHeld, plan),
        _ => null,
    };

    public static AuditEvent Moved(Guid connectionId, Guid id, IReadOnlyList<PlanState> from, PlanState to, string? reason, Actor by, DateTimeOffset at) =>
        Event(ActionOf(from, to), connectionId, id, by, at) with { Details = AuditDetails.Of(("reason", reason)) };

    private static string ActionOf(IReadOnlyList<PlanState> from, PlanState to) => to switch
    {
        PlanState.Applying => from.Contains(PlanState.Held) ? AuditAction.PlanConfirmed : AuditAction.PlanApplyAsked,
        PlanState.Applied => AuditAction.PlanApplied,
        PlanState.Failed => AuditAction.PlanFailed,
        PlanState.Stale => AuditAction.PlanRefused,
        PlanState.Held => AuditAction.PlanHeld,
        _ => AuditAction.PlanMade,
    };

    private static AuditEvent Added(string action, StoredPlan plan) => Event(action, plan.ConnectionId, plan.Id, plan.CreatedBy, plan.CreatedAt) with
    {
        Details = AuditDetails.Of(("changes", plan.ChangeCount), ("digest", Convert.ToHexStringLower(plan.Digest)), ("reason", plan.StateReason)),
    };

    private static AuditEvent Event(string action, Guid connectionId, Guid planId, Actor by, DateTimeOffset at) => new()
    {
        Stream = AuditStream.Of(connectionId), Time = at, ActorId = by.Id, ActorName = by.Name, Action = action, PlanId = planId,
    };
}
