using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Plans;

internal sealed class PlanStore(Database database, AuditAppender audit, TimeProvider time) : IPlanStore
{
    public Task<long> AccessRevisionAsync(CancellationToken cancellationToken) => database.ReadAsync(AccessRevision.ReadAsync, cancellationToken);

    public Task AddAsync(StoredPlan plan, string documentJson, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                context.Plans.Add(new PlanRow
                {
                    Id = plan.Id, ConnectionId = plan.ConnectionId, State = plan.State, StateReason = plan.StateReason, Digest = plan.Digest,
                    AccessRevision = plan.AccessRevision, ChangeCount = plan.ChangeCount, Document = documentJson,
                    CreatedAt = plan.CreatedAt, CreatedById = plan.CreatedBy.Id, CreatedByName = plan.CreatedBy.Name, EndedAt = plan.EndedAt,
                });
                await context.SaveChangesAsync(token);
                if (PlanEvents.Added(plan) is { } added) await audit.AppendAsync(context, added, token);
            },
            cancellationToken);

    public Task<StoredPlan?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync((context, token) => Summaries(context.Plans.Where(p => p.Id == id)).SingleOrDefaultAsync(token), cancellationToken);

    public Task<string?> DocumentAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync((context, token) => context.Plans.Where(p => p.Id == id).Select(p => p.Document).SingleOrDefaultAsync(token), cancellationToken);

    public async Task<IReadOnlyList<StoredPlan>> OfConnectionAsync(Guid connectionId, PlanState? state, int size, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            (context, token) => Summaries(context.Plans.Where(p => p.ConnectionId == connectionId && (state == null || p.State == state))
                .OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Id).Take(size)).ToListAsync(token),
            cancellationToken);

    public Task<bool> MoveAsync(Guid id, IReadOnlyList<PlanState> from, PlanState to, string? reason, Actor by, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        DateTimeOffset? endedAt = to is PlanState.Applied or PlanState.Failed or PlanState.Stale ? at : null;
        return database.WriteAsync(
            async (context, token) =>
            {
                var moved = await context.Plans.Where(p => p.Id == id && from.Contains(p.State)).ExecuteUpdateAsync(
                    set => set.SetProperty(p => p.State, to).SetProperty(p => p.StateReason, reason).SetProperty(p => p.EndedAt, endedAt), token);
                if (moved == 0) return false;
                var connectionId = await context.Plans.Where(p => p.Id == id).Select(p => p.ConnectionId).SingleAsync(token);
                await audit.AppendAsync(context, PlanEvents.Moved(connectionId, id, from, to, reason, by, at), token);
                return true;
            },
            cancellationToken);
    }

    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (context, token) => context.Plans
                .Where(p => ((p.State == PlanState.Stale || p.State == PlanState.Applied || p.State == PlanState.Failed) && p.EndedAt < before)
                    || (p.State == PlanState.Proposed && p.CreatedAt < before))
                .ExecuteDeleteAsync(token),
            cancellationToken);

    public Task AddRemovedAsync(IReadOnlyList<RemovedGrant> grants, CancellationToken cancellationToken) =>
        grants.Count == 0 ? Task.CompletedTask : database.WriteAsync(
            async (context, token) =>
            {
                context.RemovedGrants.AddRange(grants.Select(static g => new RemovedGrantRow
                {
                    Id = g.Id, ConnectionId = g.ConnectionId, PlanId = g.PlanId, ObjectPath = JsonSerializer.Serialize(g.Object.Names), Grantee = g.Grantee,
                    Privilege = g.Privilege, Restore = g.Restore, MadeBy = g.MadeBy, RemovedAt = g.RemovedAt, RestoredAt = g.RestoredAt,
                }));
                await context.SaveChangesAsync(token);
            },
            cancellationToken);

    public Task<IReadOnlyList<RemovedGrant>> RemovedAsync(Guid connectionId, CancellationToken cancellationToken) =>
        RemovedAsync((_, grants) => grants.Where(g => g.ConnectionId == connectionId && g.RestoredAt == null), cancellationToken);

    public async Task<IReadOnlyList<RemovedGrant>> RemovedAsync(string connectionKey, CancellationToken cancellationToken)
    {
        if (!StorableText.Is(connectionKey)) return [];
        var key = ConnectionKey.Normalized(connectionKey);

        // A connection that is gone is known by the paths alone.
        var found = await RemovedAsync(
            (context, grants) => grants.Where(g => g.RestoredAt == null && !context.Connections.Any(c => c.Id == g.ConnectionId && c.KeyNormalized != key)), cancellationToken);
        return [.. found.Where(g => ConnectionKey.Normalized(g.Object.ConnectionKey) == key)];
    }

    public async Task<IReadOnlyList<RemovedGrant>> RemovedAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        var wanted = ids.Distinct().ToArray();
        return await RemovedAsync((_, grants) => grants.Where(g => wanted.Contains(g.Id)), cancellationToken);
    }

    public Task RestoredAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteAsync(
            (context, token) => context.RemovedGrants.Where(g => ids.Contains(g.Id)).ExecuteUpdateAsync(set => set.SetProperty(g => g.RestoredAt, at), token), cancellationToken);
    }

    public async Task<StoredEnforcement?> EnforcementAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync((context, token) => context.Enforcements.SingleOrDefaultAsync(e => e.ConnectionId == connectionId, token), cancellationToken);
        return row is null ? null : new StoredEnforcement(row.ReconciledRevision, row.ReconciledAt, row.DueAt, row.SettledAt, row.Failure);
    }

    public Task RecordAsync(WriteFence fence, StoredEnforcement enforcement, CancellationToken cancellationToken) =>
        ChangeAsync(
            fence,
            row =>
            {
                row.ReconciledRevision = enforcement.ReconciledRevision;
                row.ReconciledAt = enforcement.ReconciledAt;
                row.DueAt = enforcement.DueAt;
                row.SettledAt = enforcement.SettledAt;
                row.Failure = enforcement.Failure;
                row.NotBefore = null;
            },
            cancellationToken);

    public Task RecordFailureAsync(WriteFence fence, string reason, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        ChangeAsync(fence, row => (row.Failure, row.NotBefore) = (reason, notBefore), cancellationToken);

    public Task MakeDueAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.WriteAsync(
            (context, token) => context.Enforcements.Where(e => e.ConnectionId == connectionId)
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.DueAt, now).SetProperty(e => e.NotBefore, (DateTimeOffset?)null), token),
            cancellationToken);
    }

    public Task<IReadOnlyList<Guid>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Guid>>(
            async (context, token) =>
            {
                var revision = await AccessRevision.ReadAsync(context, token);
                return await context.Connections
                    .Where(c => c.Status != ConnectionStatus.Creating && c.Status != ConnectionStatus.Deleting)
                    .Where(c => !context.Enforcements.Any(e => e.ConnectionId == c.Id && e.NotBefore > now))
                    .Where(c => revision > 0 && !context.Enforcements.Any(e => e.ConnectionId == c.Id && e.ReconciledRevision == revision && (e.DueAt == null || e.DueAt > now)))
                    .Select(c => c.Id).ToListAsync(token);
            },
            cancellationToken);

    private async Task<IReadOnlyList<RemovedGrant>> RemovedAsync(
        Func<SluiceContext, IQueryable<RemovedGrantRow>, IQueryable<RemovedGrantRow>> which, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync((context, token) => which(context, context.RemovedGrants).OrderBy(g => g.RemovedAt).ThenBy(g => g.Id).ToListAsync(token), cancellationToken);
        return rows.ConvertAll(static g => new RemovedGrant(
            g.Id, g.ConnectionId, g.PlanId, ObjectPath.FromJson(g.ObjectPath, out _)!, g.Grantee, g.Privilege, g.Restore, g.MadeBy, g.RemovedAt, g.RestoredAt));
    }

    private Task ChangeAsync(WriteFence fence, Action<EnforcementRow> change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);
                if (await context.Enforcements.AsTracking().SingleOrDefaultAsync(e => e.ConnectionId == fence.ConnectionId, token) is not { } row)
                    context.Enforcements.Add(row = new EnforcementRow { ConnectionId = fence.ConnectionId });
                change(row);
                await context.SaveChangesAsync(token);
            },
            cancellationToken);

    // Without the document: a plan of a million grants is long.
    private static IQueryable<StoredPlan> Summaries(IQueryable<PlanRow> plans) => plans.Select(p => new StoredPlan
    {
        Id = p.Id,
        ConnectionId = p.ConnectionId,
        State = p.State,
        StateReason = p.StateReason,
        Digest = p.Digest,
        AccessRevision = p.AccessRevision,
        ChangeCount = p.ChangeCount,
        CreatedAt = p.CreatedAt,
        CreatedBy = new Actor(p.CreatedById, p.CreatedByName, null),
        EndedAt = p.EndedAt,
    });
}
