using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Engine.Errors;
using Sluice.Engine.Jobs;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <inheritdoc cref="IRemovedGrantUseCases"/>
internal sealed class RemovedGrantUseCases(
    IConnectionStore connections,
    IPlanStore plans,
    IIntentReader intents,
    PlatformRegistry platforms,
    RemovedGrants removed,
    IJobStore jobs,
    JobFactory factory,
    IConnectionWaker waker,
    IIdSource ids,
    TimeProvider time) : IRemovedGrantUseCases
{
    private const int MostAtOnce = 10_000;

    public async Task<IReadOnlyList<RemovedGrantView>> ListAsync(string connectionKey, ObjectPath? below, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var connection = await connections.FindAsync(connectionKey, cancellationToken);
        var found = await plans.RemovedAsync(connectionKey, cancellationToken);
        if (connection is null && found.Count == 0) throw new RequestRefusedException(ErrorCode.NotFound, $"There is no connection '{connectionKey}', and nothing was kept of one.");
        var at = below?.WithConnectionKey(connection?.Key ?? below.ConnectionKey);
        return
        [
            .. found.Where(g => at is null || at.Covers(g.Object.WithConnectionKey(at.ConnectionKey))).Select(g => new RemovedGrantView(g, g.ConnectionId == connection?.Id)),
        ];
    }

    public async Task<PlanAccepted> RestoreAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var grants = await ReadAsync(body, cancellationToken);
        var connection = await ConnectionOfAsync(grants, cancellationToken);
        var putBack = removed.Changes(connection, grants);
        var read = await intents.ReadAsync(connection, cancellationToken);
        RefuseDisabled(putBack, read.Counting.Disabled);
        RefuseWhatGoesAgain(connection, read.Intent, putBack);

        var plan = PlanOfReturn.Of(putBack);
        var stored = new StoredPlan
        {
            Id = ids.NewId(),
            ConnectionId = connection.Id,
            State = PlanState.Proposed,
            StateReason = "It puts removed grants back, once its job runs.",
            Digest = PlanJson.DigestOf(plan),
            AccessRevision = await plans.AccessRevisionAsync(cancellationToken),
            ChangeCount = plan.Changes.Count,
            CreatedAt = time.GetUtcNow(),
            CreatedBy = caller.AsActor(),
        };
        await plans.AddAsync(stored, PlanJson.Write(plan), cancellationToken);
        var job = factory.Restore(stored.Id, connection.Id, connection.Key, caller);
        await jobs.AddAsync(job, cancellationToken);
        await waker.WakeAsync(connection.Id);
        return new PlanAccepted(stored.Id, job.BulkId);
    }

    private async Task<IReadOnlyList<RemovedGrant>> ReadAsync(JsonElement body, CancellationToken cancellationToken)
    {
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var named = members.OptionalStrings("ids");
        members.RejectUnread();
        if (named is { Count: 0 } || (named is null && !problems.Any)) members.Reject("ids", "must name at least one removed grant");
        if (named?.Count > MostAtOnce) members.Reject("ids", $"may name at most {MostAtOnce} removed grants");
        if (problems.Any) throw new RequestRefusedException(problems);

        var wanted = new List<Guid>(named!.Count);
        for (var i = 0; i < named.Count; i++)
        {
            if (Guid.TryParse(named[i], out var id)) wanted.Add(id);
            else members.Reject($"ids[{i}]", "must be a UUID");
        }

        var grants = problems.Any ? [] : await plans.RemovedAsync(wanted, cancellationToken);
        var byId = grants.ToDictionary(static g => g.Id);
        for (var i = 0; i < wanted.Count && !problems.Any; i++)
        {
            if (!byId.TryGetValue(wanted[i], out var grant)) members.Reject($"ids[{i}]", "is no removed grant");
            else if (grant.RestoredAt is { } at) members.Reject($"ids[{i}]", $"was put back at {at:u}");
            else if (grant.ConnectionId != grants[0].ConnectionId) members.Reject($"ids[{i}]", "is of another connection than the first: put those of one connection back at a time");
        }

        return problems.Any ? throw new RequestRefusedException(problems) : grants;
    }

    private async Task<StoredConnection> ConnectionOfAsync(IReadOnlyList<RemovedGrant> grants, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(grants[0].ConnectionId, cancellationToken) ?? throw new RequestRefusedException(
            ErrorCode.WrongState, "The connection was deleted, and its credentials with it: run the statements of the list yourself.");
        if (ConnectionUseCases.SettingsOf(connection).Mode == EnforcementMode.Observe)
            throw new RequestRefusedException(ErrorCode.WrongState, $"Connection '{connection.Key}' is in mode observe, which writes nothing. Change settings.mode first.");
        return connection;
    }

    private static void RefuseDisabled(IReadOnlyList<Change> putBack, IReadOnlySet<string> disabled)
    {
        var problems = new ProblemList();
        foreach (var change in putBack.Where(c => disabled.Contains(c.Key.Subject)))
            problems.Add(change.Key.Object!.ToString(), $"{change.Key.Detail} of {change.Key.Subject}: whoever uses it is disabled");
        if (problems.Any)
            throw new RequestRefusedException(ErrorCode.WrongState, $"{problems.Count} of these grants are of people who are disabled, and they are entitled to nothing. Leave these out.", problems);
    }

    // In sync an active object holds for registered people what the policies ask for, and nothing else.
    private void RefuseWhatGoesAgain(StoredConnection connection, AccessIntent intent, IReadOnlyList<Change> putBack)
    {
        if (ConnectionUseCases.SettingsOf(connection).Mode != EnforcementMode.Sync) return;
        var active = intent.Objects.Select(static o => o.Object.Path).ToHashSet();
        var registered = intent.Identities.Select(static i => i.Name).ToHashSet(StringComparer.Ordinal);
        var again = putBack.Where(c => active.Contains(c.Key.Object!) && registered.Contains(c.Key.Subject)).ToList();
        if (again.Count == 0) return;
        var asked = ((ICompilesAccess)platforms.Of(connection.Technology)).Compile(intent).Facts.Select(static f => f.Key).ToHashSet();
        var problems = new ProblemList();
        foreach (var change in again.Where(c => !asked.Contains(c.Key)))
            problems.Add(change.Key.Object!.ToString(), $"{change.Key.Detail} of {change.Key.Subject}: the object is active in mode sync, and no policy asks for this grant");
        if (problems.Any)
        {
            throw new RequestRefusedException(
                ErrorCode.WrongState,
                $"{problems.Count} of these grants would be taken away again at once: on active objects of a connection in mode sync policies alone decide. "
                + "Deactivate the objects, set settings.mode to upsert-only, or give these people access by a policy.",
                problems);
        }
    }
}
