using System.Text.Json;
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
using Sluice.Storage.History;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <inheritdoc cref="IPlanUseCases"/>
internal sealed class PlanUseCases(
    IConnectionStore connections,
    IPlanStore plans,
    Planner planner,
    SessionOpener sessions,
    IRestoreStore restores,
    IJobStore jobs,
    JobFactory factory,
    IConnectionWaker waker,
    IIdSource ids,
    TimeProvider time) : IPlanUseCases
{
    private const int MostListed = 100;

    public async Task<PlanView> MakeAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        RequireReading(caller);
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var connectionKey = members.RequiredString("connectionKey");
        members.RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);
        var connection = await FindAsync(connectionKey!, cancellationToken);
        if (!planner.CanEnforce(connection)) throw new RequestRefusedException(ErrorCode.NotAvailableYet, $"Policies are not enforced on {connection.Technology} yet.");
        try
        {
            await using var session = await sessions.OpenAsync(connection, cancellationToken);
            var computed = await planner.ComputeAsync(connection, session, cancellationToken);
            var stored = ReconcileRunner.Stored(
                ids.NewId(), connection, computed, PlanState.Proposed, computed.ReasonToWait, caller.AsActor(), time.GetUtcNow());
            await plans.AddAsync(stored, PlanJson.Write(computed.Plan), cancellationToken);
            return ViewOf(stored, connection, computed.Plan);
        }
        catch (PlatformException e)
        {
            throw RequestRefusedException.Of(e);
        }
    }

    public async Task<PlanView> ReadAsync(Guid id, Caller caller, CancellationToken cancellationToken)
    {
        RequireReading(caller);
        var (stored, connection) = await FindAsync(id, cancellationToken);
        var document = await plans.DocumentAsync(id, cancellationToken) ?? throw NoPlan(id);
        return ViewOf(stored, connection, PlanJson.Read(document));
    }

    public async Task<IReadOnlyList<StoredPlan>> ListAsync(string connectionKey, Caller caller, CancellationToken cancellationToken)
    {
        RequireReading(caller);
        return await plans.OfConnectionAsync((await FindAsync(connectionKey, cancellationToken)).Id, null, MostListed, cancellationToken);
    }

    public Task<PlanAccepted> ApplyAsync(Guid id, Caller caller, CancellationToken cancellationToken) =>
        ApplyAsync(id, PlanState.Proposed, "apply", caller, cancellationToken);

    public Task<PlanAccepted> ConfirmAsync(Guid id, Caller caller, CancellationToken cancellationToken) =>
        ApplyAsync(id, PlanState.Held, "confirm", caller, cancellationToken);

    private async Task<PlanAccepted> ApplyAsync(Guid id, PlanState from, string verb, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var (stored, connection) = await FindAsync(id, cancellationToken);
        if (ConnectionUseCases.SettingsOf(connection).Mode == EnforcementMode.Observe)
            throw new RequestRefusedException(ErrorCode.WrongState, $"Connection '{connection.Key}' is in mode observe, which writes nothing. Change settings.mode first.");
        if (await restores.AheadAsync(connection.Id, cancellationToken) is not null) throw new RequestRefusedException(ErrorCode.WrongState, RestoreReason.Of(connection.Key));
        if (!await plans.MoveAsync(id, [from], PlanState.Applying, null, caller.AsActor(), cancellationToken)) throw CannotBe(verb, await plans.FindAsync(id, cancellationToken) ?? stored);
        var bulkId = await jobs.AddOrJoinAsync(factory.Reconcile(connection.Id, connection.Key, caller), cancellationToken);
        await waker.WakeAsync(connection.Id);
        return new PlanAccepted(id, bulkId);
    }

    private static RequestRefusedException CannotBe(string verb, StoredPlan plan) => new(ErrorCode.WrongState, plan.State switch
    {
        PlanState.Proposed => $"Plan {plan.Id} waits for nobody's confirmation: apply it.",
        PlanState.Held => $"Plan {plan.Id} is held: confirm it. {plan.StateReason}",
        PlanState.Applying => $"Plan {plan.Id} is being applied already.",
        PlanState.Applied => $"Plan {plan.Id} was applied. Make a new one.",
        PlanState.Failed => $"Plan {plan.Id} was not applied as a whole. {plan.StateReason} Make a new one to see what is left.",
        _ => $"Plan {plan.Id} can't be {verb}ed: it is stale. {plan.StateReason} Make a new one.",
    });

    private async Task<StoredConnection> FindAsync(string connectionKey, CancellationToken cancellationToken) =>
        await connections.FindAsync(connectionKey, cancellationToken)
        ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no connection '{connectionKey}'.");

    private async Task<(StoredPlan, StoredConnection)> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var stored = await plans.FindAsync(id, cancellationToken) ?? throw NoPlan(id);
        var connection = await connections.FindAsync(stored.ConnectionId, cancellationToken)
            ?? throw new RequestRefusedException(ErrorCode.NotFound, $"The connection of plan {id} was deleted.");
        return (stored, connection);
    }

    private static RequestRefusedException NoPlan(Guid id) => new(ErrorCode.NotFound, $"There is no plan {id}: it never was, or its connection was deleted.");

    private PlanView ViewOf(StoredPlan stored, StoredConnection connection, Plan plan) => new(stored, connection.Key, plan, planner.Describe(connection, plan.Changes)) { LeftAloneBySettings = planner.LeftAloneOn(connection) };

    private static void RequireReading(Caller caller) => caller.Require(Permission.ApplicationAdmin, Permission.Governance);
}
