using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Core.Planning;
using Sluice.Engine.Callers;
using Sluice.Storage.Connections;
using Sluice.Storage.History;

namespace Sluice.Engine.Auditing;

/// <summary>
/// Records what is done to platforms: a row for each change before the platform is called, and one for how it ended, with the facts that come of it. An intent
/// without an outcome is a change of which nobody knows whether it was made; the next observation tells.
/// </summary>
public sealed class AuditRecorder(IChangeHistory history, TimeProvider time)
{
    private const string ChangeMember = "change";

    /// <summary>Records changes that are about to be made. Await it before the platform is called.</summary>
    public Task IntendedAsync(Guid connectionId, Guid? planId, Actor by, IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return history.IntendAsync(
            connectionId, planId ?? Guid.Empty, [.. changes.Select(c => Event(AuditAction.ChangeIntended, connectionId, planId, by, at, c, []))], cancellationToken);
    }

    /// <summary>Records how changes ended.</summary>
    public Task EndedAsync(Guid connectionId, Guid? planId, Actor by, IReadOnlyList<ChangeOutcome> outcomes, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return history.EndAsync(
            connectionId,
            planId,
            [.. outcomes.Select(o => Event(AuditAction.ChangeOutcome, connectionId, planId, by, at, o.Change, [("result", o.Error is null ? "done" : "failed"), ("error", o.Error)]))],
            [.. outcomes.Where(static o => o.Error is null).Select(static o => FactTurn.Of(o.Change))],
            at,
            cancellationToken);
    }

    /// <summary>Records what an observation tells of changes of which nobody knew how they ended.</summary>
    public Task ObservedAsync(Guid connectionId, Guid? planId, IReadOnlyList<(Change Change, ChangeSight Sight)> changes, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var by = Caller.System.AsActor();
        return history.EndAsync(
            connectionId,
            planId,
            [.. changes.Select(c => Event(AuditAction.ChangeOutcome, connectionId, planId, by, at, c.Change, [("observed", WordOf(c.Sight))]))],
            [.. changes.Where(static c => c.Sight == ChangeSight.Made).Select(static c => FactTurn.Of(c.Change))],
            at,
            cancellationToken);
    }

    /// <summary>The change that an intent or an outcome tells of.</summary>
    public static Change ChangeOf(AuditEvent each)
    {
        using var details = JsonDocument.Parse(each.Details);
        return details.RootElement.GetProperty(ChangeMember).Deserialize<Change>(PlanJson.Options) ?? throw new JsonException("An intent names its change.");
    }

    private static string WordOf(ChangeSight sight) => sight switch
    {
        ChangeSight.Made => "made",
        ChangeSight.NotMade => "not made",
        _ => "not to be seen",
    };

    private static AuditEvent Event(
        string action, Guid connectionId, Guid? planId, Actor by, DateTimeOffset at, Change change, ReadOnlySpan<(string Name, string? Value)> more)
    {
        var details = new JsonObject { [ChangeMember] = JsonSerializer.SerializeToNode(change, PlanJson.Options) };
        foreach (var (name, value) in more)
            if (value is not null) details[name] = value;
        return new AuditEvent
        {
            Stream = AuditStream.Of(connectionId), Time = at, ActorId = by.Id, ActorName = by.Name, Action = action, Object = change.Key.Object, PlanId = planId,
            Details = AuditDetails.Of(details),
        };
    }
}
