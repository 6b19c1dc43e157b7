using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Engine.Platforms;
using Sluice.Engine.QueryAudit;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <summary>
/// Brings one connection's platform to what the policies ask for. A plan that somebody wants applied goes first, and only if it is still the plan there is. In
/// <c>observe</c> nothing is written; a plan that takes away or uncovers much is held for a confirmation, but for the protections it adds.
/// </summary>
internal sealed partial class ReconcileRunner(
    Planner planner,
    SessionOpener sessions,
    IPlanStore plans,
    PlanProgress progress,
    RestoreWatch restores,
    PlanExecution execution,
    OwnGrants own,
    GovernanceWatch governance,
    KeptIntents kept,
    LineageReader lineage,
    IIdSource ids,
    TimeProvider time,
    IOptions<EngineOptions> options,
    ILogger<ReconcileRunner> logger)
{
    private const int ListedFailures = 20;

    // One, but for those that came before it.
    private const int MostHeld = 100;

    /// <summary>Whether there is anything to bring a connection's platform to: it can be enforced, and somebody or something governs.</summary>
    public async Task<bool> AppliesToAsync(StoredConnection connection, CancellationToken cancellationToken) =>
        planner.CanEnforce(connection) && await plans.AccessRevisionAsync(cancellationToken) > 0;

    /// <summary>Has the platform read by the next reconcile, whether or not something else is asked of it.</summary>
    public Task ReadAnewAsync(StoredConnection connection, CancellationToken cancellationToken) => plans.MakeDueAsync(connection.Id, cancellationToken);

    /// <summary>Reconciles, and stores how far it came.</summary>
    /// <returns>The job's output.</returns>
    public async Task<string> RunAsync(StoredConnection connection, StoredJob job, WriteFence fence, CancellationToken cancellationToken)
    {
        try
        {
            return await ReconcileAsync(connection, job, fence, cancellationToken);
        }
        catch (SettingsChangedException e)
        {
            // Its platform is due since before the first change, so the next one begins under the new settings.
            return new JsonObject { ["stopped"] = e.Message }.ToJsonString();
        }
    }

    private async Task<string> ReconcileAsync(StoredConnection connection, StoredJob job, WriteFence fence, CancellationToken cancellationToken)
    {
        if (!planner.CanEnforce(connection)) return new JsonObject { ["enforcement"] = $"Policies are not enforced on {connection.Technology} yet." }.ToJsonString();
        // Tags that were given since the last reconcile go on to where data went, before anything is decided.
        await lineage.CarryAsync(connection, cancellationToken);
        var asked = await planner.AskAsync(connection, cancellationToken);
        if (job.RequestedBy == Caller.System.Id && await EndUnreadAsync(connection, fence, asked, cancellationToken) is { } unread) return unread;
        await using var session = await sessions.OpenAsync(connection, cancellationToken);
        var prefix = ConnectionUseCases.SettingsOf(connection).Prefix;
        var restored = await restores.LookAsync(connection, session, prefix, fence, cancellationToken);
        var computed = await planner.ComputeAsync(connection, session, asked, cancellationToken);
        await governance.LookAsync(connection, fence, computed.Observed, cancellationToken);
        var begun = await progress.LookAsync(connection, computed, cancellationToken);
        if (restored is not null) return await EndAsync(fence, computed, [], restored, cancellationToken);
        var wanted = await progress.WantedAsync(connection, computed, begun, Actor.Server, cancellationToken);

        if (computed.Plan.IsEmpty)
        {
            if (wanted is not null) await progress.EndAsync(wanted, PlanState.Applied, null, Actor.Server, cancellationToken);
            await SupersedeAsync(connection.Id, except: null, cancellationToken);
            var ended = await EndAsync(fence, computed, [], null, cancellationToken);
            // Where something of others is in the way, each change looks whether it still is.
            if (computed.Observed is { Conflicts.Count: 0, Ungoverned.Count: 0 } && await plans.EnforcementAsync(connection.Id, cancellationToken) is { } stored) kept.Keep(connection, asked, stored);
            return ended;
        }

        if (computed.Settings.Mode == EnforcementMode.Observe)
        {
            if (wanted is not null)
                await progress.EndAsync(wanted, PlanState.Failed, "The connection's mode became observe before all of it was done. Make a new plan to see what is left.", Actor.Server, cancellationToken);
            return await EndAsync(fence, computed, [], "observed only: the connection's mode writes nothing", cancellationToken);
        }

        // From here on the platform is no more what it was last seen to be, however this ends.
        await ReadAnewAsync(connection, cancellationToken);
        if (wanted is null && computed.ReasonToWait is { } reason)
        {
            computed = await ApplyAtOnceAsync(connection, job, fence, session, computed, cancellationToken);
            if (computed.ReasonToWait is not null) return await HoldAsync(connection, fence, computed, reason, cancellationToken);
        }

        var plan = wanted ?? await AddAsync(connection, computed, PlanState.Applying, null, cancellationToken);
        var outcomes = await execution.ApplyAsync(connection, job, plan, fence, session, computed.Read.Intent, computed.Plan.Changes, computed.Desired, cancellationToken);
        await own.ExplainAsync(connection, computed.Desired, outcomes, cancellationToken);
        await SupersedeAsync(connection.Id, plan.Id, cancellationToken);
        return await EndAsync(fence, computed, outcomes, null, cancellationToken);
    }

    /// <summary>Stores that the platform could not be brought there, for good or for now.</summary>
    public Task RecordFailureAsync(WriteFence fence, string reason, CancellationToken cancellationToken) =>
        plans.RecordFailureAsync(fence, reason, time.GetUtcNow() + options.Value.ReconcileAgainAfter, cancellationToken);

    // A change that asks nothing else of this platform. Who wants a plan applied has the platform read.
    private async Task<string?> EndUnreadAsync(StoredConnection connection, WriteFence fence, AskedAccess asked, CancellationToken cancellationToken)
    {
        var stored = await plans.EnforcementAsync(connection.Id, cancellationToken);
        if (!kept.IsKept(connection, asked, stored, time.GetUtcNow())) return null;
        if ((await plans.OfConnectionAsync(connection.Id, PlanState.Applying, 1, cancellationToken)).Count > 0) return null;
        var due = asked.Read.NextExpiry is { } expiry && expiry < stored.DueAt ? expiry : stored.DueAt;
        await plans.RecordAsync(fence, stored with { ReconciledRevision = asked.Read.Revision, DueAt = due, SettledAt = asked.Read.At }, cancellationToken);
        return new JsonObject { ["changes"] = 0, ["unread"] = "Nothing else is asked of the platform than when it was last read." }.ToJsonString();
    }

    // What a held plan adds in protections need not wait: nobody loses an object or sees more by it. Nor does what disabled people lose, or an expiry.
    private async Task<ComputedPlan> ApplyAtOnceAsync(
        StoredConnection connection, StoredJob job, WriteFence fence, IPlatformSession session, ComputedPlan computed, CancellationToken cancellationToken)
    {
        // A mask that names an audience which people leave in the same plan shows them its column until they have left: it waits with them.
        var masksWait = computed.Plan.Changes.Any(static c => c is { Phase: ChangePhase.Prepare, Verb: ChangeVerb.Remove, Key.Kind: FactKind.Member });
        // One that comes where another goes or changes may fit by what shows nothing alone, until the other has: it waits with it.
        var changing = computed.Plan.Changes.Where(static c => c.Verb != ChangeVerb.Add && c.Key.Kind is FactKind.Mask or FactKind.RowRule).Select(static c => c.Key.Object).ToHashSet();
        var replaces = computed.Plan.Changes.Any(static c => c is { Verb: ChangeVerb.Replace, Key.Kind: FactKind.Mask or FactKind.RowRule });
        var neverHeld = PlanGuard.NeverHeld(computed.Plan.Changes, computed.Observed, computed.Expired, computed.Read.Counting).ToHashSet();
        var atOnce = computed.Plan.Changes
            .Where(c => (IsProtection(c, masksWait, tells: !replaces) && !(c.Phase == ChangePhase.Protect && changing.Contains(c.Key.Object))) || neverHeld.Contains(c)).ToList();
        if (atOnce.All(static c => c.Phase == ChangePhase.Prepare)) return computed;
        var part = await AddAsync(
            connection, computed with { Plan = computed.Plan with { Changes = atOnce } }, PlanState.Applying, "What of a held plan does not wait: protections, and what is never held.", cancellationToken);
        await execution.ApplyAsync(connection, job, part, fence, session, computed.Read.Intent, atOnce, computed.Desired, cancellationToken);
        return await planner.ComputeAsync(connection, session, cancellationToken);
    }

    // What is known of people would be the half of what is held, where a rule that may ask it is replaced.
    private static bool IsProtection(Change change, bool masksWait, bool tells) => change.Phase switch
    {
        ChangePhase.Prepare => change.Key.Kind != FactKind.Member && (tells || change.Key.Kind != FactKind.Entitlement),
        ChangePhase.Protect => !masksWait || change.Key.Kind != FactKind.Mask,
        _ => false,
    };

    private async Task<string> HoldAsync(StoredConnection connection, WriteFence fence, ComputedPlan computed, string reason, CancellationToken cancellationToken)
    {
        var held = (await plans.OfConnectionAsync(connection.Id, PlanState.Held, MostHeld, cancellationToken))
            .FirstOrDefault(p => p.Digest.AsSpan().SequenceEqual(computed.Digest))
            ?? await AddAsync(connection, computed, PlanState.Held, reason, cancellationToken);
        await SupersedeAsync(connection.Id, held.Id, cancellationToken);
        var since = time.GetUtcNow() - held.CreatedAt;
        if (since >= options.Value.HeldPlanAlertAfter) Log.HeldLong(logger, connection.Key, held.Id, since, reason);
        else Log.Held(logger, connection.Key, held.Id, reason);
        return await EndAsync(fence, computed, [], $"plan {held.Id} waits for a confirmation: {reason}", cancellationToken);
    }

    private async Task<string> EndAsync(
        WriteFence fence, ComputedPlan computed, IReadOnlyList<ChangeOutcome> outcomes, string? waiting, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var failed = outcomes.Where(static o => o.Error is not null).ToList();
        var next = now + (failed.Count > 0 ? options.Value.RetryFailedChangesAfter : options.Value.DriftCheckEvery);
        if (computed.Read.NextExpiry is { } expiry && expiry < next) next = expiry;
        var settledAt = waiting is null && failed.TrueForAll(static f => f.IsContained) ? computed.Read.At : computed.Read.SettledAt;
        await plans.RecordAsync(fence, new StoredEnforcement(computed.Read.Revision, now, next, settledAt), cancellationToken);
        var output = new JsonObject
        {
            ["changes"] = computed.Plan.Changes.Count,
            ["made"] = outcomes.Count - failed.Count,
            ["failed"] = failed.Count,
            ["lost"] = computed.Plan.Impact.Lost,
            ["gained"] = computed.Plan.Impact.Gained,
            ["residuals"] = computed.Plan.Residuals.Count,
            ["shortfalls"] = computed.Plan.Shortfalls.Count,
        };
        if (waiting is not null) output["waiting"] = waiting;
        if (failed.Count > 0) output["failures"] = new JsonArray([.. failed.Take(ListedFailures).Select(static f => (JsonNode)$"{f.Change}: {f.Error}")]);
        return output.ToJsonString();
    }

    private async Task<StoredPlan> AddAsync(StoredConnection connection, ComputedPlan computed, PlanState state, string? reason, CancellationToken cancellationToken)
    {
        var plan = Stored(ids.NewId(), connection, computed, state, reason, Actor.Server, time.GetUtcNow());
        await plans.AddAsync(plan, PlanJson.Write(computed.Plan), cancellationToken);
        return plan;
    }

    // Whatever was held before was made from another state.
    private async Task SupersedeAsync(Guid connectionId, Guid? except, CancellationToken cancellationToken)
    {
        foreach (var plan in await plans.OfConnectionAsync(connectionId, PlanState.Held, MostHeld, cancellationToken))
            if (plan.Id != except) await plans.MoveAsync(plan.Id, [PlanState.Held], PlanState.Stale, "A newer plan has taken its place.", Actor.Server, cancellationToken);
    }

    /// <summary>A computed plan as it is stored.</summary>
    internal static StoredPlan Stored(Guid id, StoredConnection connection, ComputedPlan computed, PlanState state, string? reason, Actor by, DateTimeOffset at) => new()
    {
        Id = id,
        ConnectionId = connection.Id,
        State = state,
        StateReason = reason,
        Digest = computed.Digest,
        AccessRevision = computed.Read.Revision,
        ChangeCount = computed.Plan.Changes.Count,
        CreatedAt = at,
        CreatedBy = by,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 2701, Level = LogLevel.Warning, Message = "Plan {PlanId} of connection '{Connection}' waits for a confirmation: {Reason}")]
        public static partial void Held(ILogger logger, string connection, Guid planId, string reason);

        [LoggerMessage(EventId = 2702, Level = LogLevel.Error, Message = "Plan {PlanId} of connection '{Connection}' has waited {Since} for a confirmation, and its platform is not what the policies ask for: {Reason}")]
        public static partial void HeldLong(ILogger logger, string connection, Guid planId, TimeSpan since, string reason);
    }
}
