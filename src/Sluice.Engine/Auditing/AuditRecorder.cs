using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Core.Planning;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Auditing;

/// <summary>
/// Records what is done to platforms: a row for each change before the platform is called, and one for how it ended. An intent without an outcome is a change
/// of which nobody knows whether it was made; the next observation tells.
/// </summary>
public sealed class AuditRecorder(IAuditStore store, TimeProvider time)
{
    /// <summary>Records changes that are about to be made. Await it before the platform is called.</summary>
    public Task IntendedAsync(Guid connectionId, Guid? planId, Actor by, IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return store.AppendAsync([.. changes.Select(c => Event(AuditAction.ChangeIntended, connectionId, planId, by, at, c, null))], cancellationToken);
    }

    /// <summary>Records how changes ended.</summary>
    public Task EndedAsync(Guid connectionId, Guid? planId, Actor by, IReadOnlyList<ChangeOutcome> outcomes, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return store.AppendAsync([.. outcomes.Select(o => Event(AuditAction.ChangeOutcome, connectionId, planId, by, at, o.Change, o))], cancellationToken);
    }

    private static AuditEvent Event(string action, Guid connectionId, Guid? planId, Actor by, DateTimeOffset at, Change change, ChangeOutcome? outcome)
    {
        var details = new JsonObject { ["change"] = JsonSerializer.SerializeToNode(change, PlanJson.Options) };
        if (outcome is not null) details["result"] = outcome.Error is null ? "done" : "failed";
        if (outcome?.Error is { } error) details["error"] = error;
        return new AuditEvent
        {
            Stream = AuditStream.Of(connectionId), Time = at, ActorId = by.Id, ActorName = by.Name, Action = action, Object = change.Key.Object, PlanId = planId,
            Details = AuditDetails.Of(details),
        };
    }
}
