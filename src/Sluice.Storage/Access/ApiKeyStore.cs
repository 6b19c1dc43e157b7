using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Access;

internal sealed class ApiKeyStore(Database database, AuditAppender audit) : IApiKeyStore
{
    public Task AddAsync(StoredApiKey key, Actor by, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                context.ApiKeys.Add(Row(key));
                await context.SaveChangesAsync(token);
                await audit.AppendAsync(context, ApiKeyEvents.Made(key, by), token);
            },
            cancellationToken);

    public async Task<StoredApiKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        // The id comes from an unauthenticated request: what can't be stored can't be found.
        if (!StorableText.Is(id)) return null;
        var row = await database.ReadAsync((context, token) => context.ApiKeys.SingleOrDefaultAsync(k => k.Id == id, token), cancellationToken);
        return row is null ? null : Key(row);
    }

    public async Task<IReadOnlyList<StoredApiKey>> ListAsync(string? holderId, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.ApiKeys
                .Where(k => holderId == null || k.HolderId == holderId)
                .OrderBy(k => k.CreatedAt).ThenBy(k => k.Id)
                .ToListAsync(token),
            cancellationToken);
        return rows.ConvertAll(Key);
    }

    public Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var minute = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return database.WriteAsync(
            (context, token) => context.ApiKeys
                .Where(k => k.Id == id && (k.LastUsedAt == null || k.LastUsedAt < minute))
                .ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, minute), token),
            cancellationToken);
    }

    public Task<bool> RevokeAsync(string id, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var revoked = await context.ApiKeys.Where(k => k.Id == id && k.RevokedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, at), token);
                if (revoked == 0) return false;
                var row = await context.ApiKeys.SingleAsync(k => k.Id == id, token);
                await audit.AppendAsync(context, ApiKeyEvents.Revoked(Key(row), by, at), token);
                return true;
            },
            cancellationToken);

    public Task<bool> AnyAsync(CancellationToken cancellationToken) =>
        database.ReadAsync((context, token) => context.ApiKeys.AnyAsync(token), cancellationToken);

    private static ApiKeyRow Row(StoredApiKey key) => new()
    {
        Id = key.Id,
        Hash = key.Hash,
        Name = key.Name,
        HolderId = key.HolderId,
        Permissions = JsonSerializer.Serialize(key.Permissions),
        SpeaksForHolder = key.SpeaksForHolder,
        ScimSource = key.ScimSource,
        CreatedAt = key.CreatedAt,
        CreatedBy = key.CreatedBy,
        ExpiresAt = key.ExpiresAt,
        LastUsedAt = key.LastUsedAt,
        RevokedAt = key.RevokedAt,
    };

    private static StoredApiKey Key(ApiKeyRow row) => new()
    {
        Id = row.Id,
        Hash = row.Hash,
        Name = row.Name,
        HolderId = row.HolderId,
        Permissions = JsonSerializer.Deserialize<string[]>(row.Permissions)!,
        SpeaksForHolder = row.SpeaksForHolder,
        ScimSource = row.ScimSource,
        CreatedAt = row.CreatedAt,
        CreatedBy = row.CreatedBy,
        ExpiresAt = row.ExpiresAt,
        LastUsedAt = row.LastUsedAt,
        RevokedAt = row.RevokedAt,
    };
}
