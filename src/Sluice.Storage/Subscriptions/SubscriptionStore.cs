using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sluice.Core.Policies;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Subscriptions;

internal sealed class SubscriptionStore(Database database, AuditAppender audit, TimeProvider time) : ISubscriptionStore
{
    public async Task<IReadOnlyList<StoredSubscription>> OfConnectionAsync(Guid connectionId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.Subscriptions
                .Where(s => s.ExpiresAt == null || s.ExpiresAt > now)
                .Where(s => context.Objects.Any(o => o.Id == s.ObjectId && o.ConnectionId == connectionId))
                .OrderBy(s => s.ObjectId).ThenBy(s => s.PersonId).ToListAsync(token),
            cancellationToken);
        return rows.ConvertAll(Subscription);
    }

    public async Task<IReadOnlyList<StoredSubscription>> OfObjectAsync(long objectId, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.Subscriptions.Where(s => s.ObjectId == objectId).OrderBy(s => s.PersonId).ThenBy(s => s.Kind).ToListAsync(token), cancellationToken);
        return rows.ConvertAll(Subscription);
    }

    public async Task<StoredSubscription?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync((context, token) => context.Subscriptions.SingleOrDefaultAsync(s => s.Id == id, token), cancellationToken);
        return row is null ? null : Subscription(row);
    }

    public Task<DateTimeOffset?> NextExpiryAsync(DateTimeOffset after, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (context, token) => (await context.Subscriptions.Where(s => s.ExpiresAt > after).OrderBy(s => s.ExpiresAt).FirstOrDefaultAsync(token))?.ExpiresAt,
            cancellationToken);

    public Task<StoredSubscription> PutAsync(StoredSubscription subscription, CancellationToken cancellationToken) =>
        database.WriteUniqueAsync(
            async (context, token) =>
            {
                var row = await PutAsync(context, subscription, token);
                await AccessRevision.BumpAsync(context, token);
                if (await EventObject.FindAsync(context, row.ObjectId, token) is { } on)
                    await audit.AppendAsync(context, SubscriptionEvents.Added(on, Subscription(row), time.GetUtcNow()), token);
                return Subscription(row);
            },
            cancellationToken);

    public Task<StoredSubscription?> RemoveAsync(Guid id, Actor by, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                if (await context.Subscriptions.AsTracking().SingleOrDefaultAsync(s => s.Id == id, token) is not { } row) return null;
                context.Subscriptions.Remove(row);
                await context.SaveChangesAsync(token);
                await AccessRevision.BumpAsync(context, token);
                if (await EventObject.FindAsync(context, row.ObjectId, token) is { } on)
                    await audit.AppendAsync(context, SubscriptionEvents.Revoked(on, Subscription(row), by, time.GetUtcNow()), token);
                return Subscription(row);
            },
            cancellationToken);

    public Task AddRequestAsync(StoredAccessRequest request, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                context.AccessRequests.Add(new AccessRequestRow
                {
                    Id = request.Id, PersonId = request.PersonId, ObjectId = request.ObjectId, Access = request.Access,
                    Reason = request.Reason, State = request.State, CreatedAt = request.CreatedAt, ExpiresAt = request.ExpiresAt,
                });
                await context.SaveChangesAsync(token);
                if (await EventObject.FindAsync(context, request.ObjectId, token) is { } on) await audit.AppendAsync(context, SubscriptionEvents.Asked(on, request), token);
            },
            cancellationToken);

    public async Task<StoredAccessRequest?> FindRequestAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync((context, token) => context.AccessRequests.SingleOrDefaultAsync(r => r.Id == id, token), cancellationToken);
        return row is null ? null : Request(row);
    }

    public async Task<IReadOnlyList<StoredAccessRequest>> RequestsAsync(string? personId, AccessRequestState? state, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.AccessRequests
                .Where(r => (personId == null || r.PersonId == personId) && (state == null || r.State == state))
                .OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(token),
            cancellationToken);
        return rows.ConvertAll(Request);
    }

    public Task<bool> DecideAsync(
        Guid requestId, AccessRequestState state, IReadOnlyList<ApproverPermission> approvals, Actor by, string? answer, StoredSubscription? subscription, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var given = JsonSerializer.Serialize(approvals);
        return database.WriteUniqueAsync(
            async (context, token) =>
            {
                var decided = await context.AccessRequests.Where(r => r.Id == requestId && r.State == AccessRequestState.Pending).ExecuteUpdateAsync(
                    set => set.SetProperty(r => r.State, state).SetProperty(r => r.Approvals, given).SetProperty(r => r.DecidedAt, at)
                        .SetProperty(r => r.DecidedById, by.Id).SetProperty(r => r.DecidedByName, by.Name).SetProperty(r => r.Answer, answer),
                    token);
                if (decided == 0) return false;
                if (subscription is not null)
                {
                    await PutAsync(context, subscription, token);
                    await AccessRevision.BumpAsync(context, token);
                }

                var request = await context.AccessRequests.SingleAsync(r => r.Id == requestId, token);
                if (await EventObject.FindAsync(context, request.ObjectId, token) is { } on)
                {
                    await audit.AppendAsync(
                        context,
                        [
                            SubscriptionEvents.Decided(on, Request(request), by, at),
                            .. subscription is null ? Array.Empty<Core.Audit.AuditEvent>() : [SubscriptionEvents.Added(on, subscription, at)],
                        ],
                        token);
                }

                return true;
            },
            cancellationToken);
    }

    private static async Task<SubscriptionRow> PutAsync(SluiceContext context, StoredSubscription given, CancellationToken cancellationToken)
    {
        var row = await context.Subscriptions.AsTracking().SingleOrDefaultAsync(
            s => s.ObjectId == given.ObjectId && s.PersonId == given.PersonId && s.Kind == given.Kind && s.Access == given.Access, cancellationToken);
        if (row is null)
        {
            row = new SubscriptionRow { Id = given.Id, ObjectId = given.ObjectId, PersonId = given.PersonId, Kind = given.Kind, Access = given.Access };
            context.Subscriptions.Add(row);
        }

        row.Reason = given.Reason;
        row.ExpiresAt = given.ExpiresAt;
        row.CreatedAt = given.CreatedAt;
        row.CreatedById = given.CreatedBy.Id;
        row.CreatedByName = given.CreatedBy.Name;
        await context.SaveChangesAsync(cancellationToken);
        return row;
    }

    private static StoredSubscription Subscription(SubscriptionRow row) => new(
        row.Id, row.PersonId, row.ObjectId, row.Kind, row.Access, row.Reason, row.CreatedAt, new Actor(row.CreatedById, row.CreatedByName), row.ExpiresAt);

    private static StoredAccessRequest Request(AccessRequestRow row) => new(
        row.Id, row.PersonId, row.ObjectId, row.Access, row.Reason, row.State, row.CreatedAt, row.ExpiresAt,
        JsonSerializer.Deserialize<ApproverPermission[]>(row.Approvals)!,
        row.DecidedAt is { } at ? new AccessDecision(at, new Actor(row.DecidedById!, row.DecidedByName!), row.Answer) : null);
}
