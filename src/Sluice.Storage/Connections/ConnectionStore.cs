using Microsoft.EntityFrameworkCore;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;
using Sluice.Storage.Jobs;
using Sluice.Storage.People;

namespace Sluice.Storage.Connections;

internal sealed class ConnectionStore(Database database, AuditAppender audit, TimeProvider time) : IConnectionStore
{
    public async Task<StoredConnection?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!StorableText.Is(key)) return null;
        var normalized = ConnectionKey.Normalized(key);
        var row = await database.ReadAsync(
            (context, token) => context.Connections.SingleOrDefaultAsync(c => c.KeyNormalized == normalized, token), cancellationToken);
        return row is null ? null : ConnectionRows.Connection(row);
    }

    public async Task<StoredConnection?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync(
            (context, token) => context.Connections.SingleOrDefaultAsync(c => c.Id == id, token), cancellationToken);
        return row is null ? null : ConnectionRows.Connection(row);
    }

    public async Task<IReadOnlyList<StoredConnection>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.Connections.OrderBy(c => c.KeyNormalized).ToListAsync(token), cancellationToken);
        return rows.ConvertAll(ConnectionRows.Connection);
    }

    public Task<ConnectionWrite> AddAsync(
        StoredConnection connection, bool isActive, IReadOnlyList<SealedSecret> secrets, NewJob? firstJob, CancellationToken cancellationToken) =>
        database.WriteUniqueAsync(
            async (context, token) =>
            {
                if (await KeyHolderAsync(context, connection.Key, token) is { } taken) return new(ConnectionWriteOutcome.KeyTaken, taken);
                if (await IdentityHolderAsync(context, connection.Id, connection.IdentityKey, token) is { } holder)
                    return new(ConnectionWriteOutcome.IdentityTaken, holder);

                var root = await ObjectIds.ReserveAsync(context, 1, token);
                context.Connections.Add(ConnectionRows.Row(connection, isActive, root));
                context.Objects.Add(Root(connection, isActive, root));
                context.Secrets.AddRange(secrets.Select(s => Secret(connection.Id, s)));
                await context.SaveChangesAsync(token);
                if (firstJob is not null) await JobRows.AddAsync(context, firstJob, token);
                await audit.AppendAsync(context, ConnectionEvents.Registered(connection, isActive, [.. secrets.Select(s => s.Field)], firstJob?.BulkId), token);
                return new ConnectionWrite(ConnectionWriteOutcome.Done);
            },
            cancellationToken);

    public Task<ConnectionWrite> UpdateAsync(
        Guid id, long expectedRevision, ConnectionUpdate update, Actor by, NewJob? job, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteUniqueAsync(
            async (context, token) =>
            {
                if (!await context.LockAsync(id, token)) return new(ConnectionWriteOutcome.NotFound);
                var row = await context.Connections.AsTracking().SingleAsync(c => c.Id == id, token);
                if (row.Revision != expectedRevision) return new(ConnectionWriteOutcome.RevisionChanged);
                var before = ConnectionRows.Connection(row);
                if (update.Document is { } document)
                {
                    if (await IdentityHolderAsync(context, id, document.IdentityKey, token) is { } holder)
                        return new(ConnectionWriteOutcome.IdentityTaken, holder);
                    await ReplaceDocumentAsync(context, row, document, token);
                }

                await ReplaceSettingsAsync(context, row, update, at, token);
                row.ForceRecursiveCrawl = update.Options?.ForceRecursiveCrawl ?? row.ForceRecursiveCrawl;
                row.Checks = update.ChecksJson ?? row.Checks;
                row.NextSyncAt = update.NextSyncAt ?? row.NextSyncAt;
                await context.SaveChangesAsync(token);
                await ConnectionRevision.BumpAsync(context, id, by, at, token);
                if (job is not null) await JobRows.AddAsync(context, job, token);
                await audit.AppendAsync(context, ConnectionEvents.Updated(before, ConnectionRows.Connection(row), update, by, at, job?.BulkId), token);
                return new ConnectionWrite(ConnectionWriteOutcome.Done);
            },
            cancellationToken);
    }

    public Task SetStatusAsync(
        WriteFence fence, ConnectionStatus status, string? reason, DateTimeOffset? nextSyncAt, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);
                await context.Connections.Where(c => c.Id == fence.ConnectionId).ExecuteUpdateAsync(
                    set => set.SetProperty(c => c.Status, status)
                        .SetProperty(c => c.StatusReason, reason)
                        .SetProperty(c => c.NextSyncAt, c => nextSyncAt ?? c.NextSyncAt),
                    token);
            },
            cancellationToken);

    public Task RecordChecksAsync(WriteFence fence, string checksJson, ConnectionHealth? health, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);
                var connection = context.Connections.Where(c => c.Id == fence.ConnectionId);
                await connection.ExecuteUpdateAsync(set => set.SetProperty(c => c.Checks, checksJson), token);
                if (health is not null)
                    await connection.ExecuteUpdateAsync(set => set.SetProperty(c => c.Status, health.Status).SetProperty(c => c.StatusReason, health.Reason), token);
            },
            cancellationToken);

    public Task<long?> DeleteAsync(Guid id, IReadOnlyList<long>? ifRevision, Actor by, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                // Before the connection's row: who gives somebody an identity takes the two in this order.
                await PeopleLedger.LockAsync(context, token);
                if (!await context.LockAsync(id, token)) return null;
                await ConnectionRevision.CheckAsync(context, id, ifRevision, token);
                return (long?)await DeleteAsync(context, id, by, at, token);
            },
            cancellationToken);
    }

    public Task<long?> DeleteAsync(WriteFence fence, Guid jobId, string outputJson, Actor by, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                await PeopleLedger.LockAsync(context, token);
                await context.CheckAsync(fence, token);
                await context.Jobs.Where(j => j.Id == jobId && j.ConnectionId == fence.ConnectionId && j.State == JobState.Active).ExecuteUpdateAsync(
                    set => set.SetProperty(j => j.State, JobState.Completed).SetProperty(j => j.Output, outputJson).SetProperty(j => j.Error, (string?)null).SetProperty(j => j.FinishedAt, at),
                    token);
                return (long?)await DeleteAsync(context, fence.ConnectionId, by, at, token);
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<SealedSecret>> SecretsAsync(Guid id, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.Secrets.Where(s => s.ConnectionId == id).OrderBy(s => s.Field).ToListAsync(token), cancellationToken);
        return rows.ConvertAll(s => new SealedSecret(s.Field, s.Ciphertext));
    }

    public async Task<WriteFence?> TakeLeaseAsync(Guid id, CancellationToken cancellationToken)
    {
        var epoch = await database.WriteAsync(
            (context, token) => context.NumberAsync(
                "UPDATE connections SET lease_epoch = lease_epoch + 1 WHERE id = @id RETURNING lease_epoch", token, ("@id", id)),
            cancellationToken);
        return epoch is null ? null : new WriteFence(id, epoch.Value);
    }

    public Task ScheduleSyncAsync(Guid id, DateTimeOffset nextSyncAt, NewJob job, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                if (!await context.LockAsync(id, token)) return;
                await context.Connections.Where(c => c.Id == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.NextSyncAt, nextSyncAt), token);
                await JobRows.AddAsync(context, job, token);
            },
            cancellationToken);

    public async Task<IReadOnlyList<Guid>> DueForSyncAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            (context, token) => context.Connections
                .Where(c => c.NextSyncAt != null && c.NextSyncAt <= now && c.Status != ConnectionStatus.Deleting)
                .Where(c => !context.Jobs.Any(j => j.ConnectionId == c.Id && j.Type == JobRows.Crawl && j.Depth == 0
                    && (j.State == JobState.Created || j.State == JobState.Active || j.State == JobState.Retry)))
                .OrderBy(c => c.NextSyncAt)
                .Select(c => c.Id)
                .ToListAsync(token),
            cancellationToken);

    private static Task<string?> KeyHolderAsync(SluiceContext context, string key, CancellationToken cancellationToken)
    {
        var normalized = ConnectionKey.Normalized(key);
        return context.Connections.Where(c => c.KeyNormalized == normalized).Select(c => c.Key).SingleOrDefaultAsync(cancellationToken);
    }

    private static Task<string?> IdentityHolderAsync(SluiceContext context, Guid id, string identityKey, CancellationToken cancellationToken) =>
        context.Connections.Where(c => c.IdentityKey == identityKey && c.Id != id).Select(c => c.Key).SingleOrDefaultAsync(cancellationToken);

    private async Task<long> DeleteAsync(SluiceContext context, Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var key = await context.Connections.Where(c => c.Id == id).Select(c => c.Key).SingleAsync(cancellationToken);
        var lineage = await context.Connections.Where(c => c.Id == id)
            .Join(context.Objects, c => c.RootObjectId, o => o.Id, (_, o) => o.Lineage).SingleAsync(cancellationToken);
        var below = await SubtreeDeletion.DeleteAsync(context, lineage, cancellationToken);
        await JobRows.LeaveConnectionAsync(context, id, at, cancellationToken);
        await context.Secrets.Where(s => s.ConnectionId == id).ExecuteDeleteAsync(cancellationToken);
        await context.Plans.Where(p => p.ConnectionId == id).ExecuteDeleteAsync(cancellationToken);
        await context.RemovedGrants.Where(g => g.ConnectionId == id && g.RestoredAt != null).ExecuteDeleteAsync(cancellationToken);
        await context.OwnGrants.Where(g => g.ConnectionId == id).ExecuteDeleteAsync(cancellationToken);
        await context.Enforcements.Where(e => e.ConnectionId == id).ExecuteDeleteAsync(cancellationToken);
        var holders = await context.PlatformIdentities.Where(i => i.ConnectionId == id).Select(i => i.PersonId).Distinct().ToListAsync(cancellationToken);
        await context.PlatformIdentities.Where(i => i.ConnectionId == id).ExecuteDeleteAsync(cancellationToken);
        await context.DepartedIdentities.Where(i => i.ConnectionId == id).ExecuteDeleteAsync(cancellationToken);
        if (holders.Count > 0) await PeopleLedger.MarkAsync(context, holders, cancellationToken);
        await context.Connections.Where(c => c.Id == id).ExecuteDeleteAsync(cancellationToken);
        await audit.AppendAsync(context, ConnectionEvents.Deleted(id, key, below, by, at), cancellationToken);
        return below;
    }

    private static ObjectRow Root(StoredConnection connection, bool isActive, long id) => new()
    {
        Id = id,
        ConnectionId = connection.Id,
        Lineage = $"{id}/",
        Name = connection.Key,
        NameKey = NameKey.Of(connection.Key),
        Kind = ObjectKind.Connection,
        Fingerprint = Digest.Bytes(UInt128.Zero),
        IsActive = isActive,
        DiscoveredAt = connection.CreatedAt,
        UpdatedAt = connection.CreatedAt,
    };

    private static SecretRow Secret(Guid connectionId, SealedSecret secret) =>
        new() { ConnectionId = connectionId, Field = secret.Field, Ciphertext = secret.Ciphertext };

    private static async Task ReplaceDocumentAsync(SluiceContext context, ConnectionRow row, ConnectionDocument document, CancellationToken cancellationToken)
    {
        row.AuthenticationType = document.AuthenticationType;
        row.Document = document.DocumentJson;
        row.Integration = document.IntegrationJson;
        row.SecretDestination = document.SecretDestination;
        row.IdentityKey = document.IdentityKey;
        row.IdentityName = document.IdentityName;
        await context.Secrets.Where(s => s.ConnectionId == row.Id).ExecuteDeleteAsync(cancellationToken);
        context.Secrets.AddRange(document.Secrets.Select(s => Secret(row.Id, s)));
    }

    private static async Task ReplaceSettingsAsync(
        SluiceContext context, ConnectionRow row, ConnectionUpdate update, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (update.SettingsJson is null && update.IsActive is null) return;
        if (update.IsActive is { } isActive)
            await context.Objects.Where(o => o.Id == row.RootObjectId).ExecuteUpdateAsync(
                set => set.SetProperty(o => o.IsActive, isActive).SetProperty(o => o.UpdatedAt, at), cancellationToken);
        var isRootActive = await context.Objects.Where(o => o.Id == row.RootObjectId).Select(o => o.IsActive).SingleAsync(cancellationToken);
        row.Settings = ConnectionSettingsText.WithIsActive(update.SettingsJson ?? row.Settings, isRootActive ?? false);
        row.AcceptUnknownGovernance = ConnectionSettingsText.AcceptsUnknownGovernance(row.Settings);
    }
}
