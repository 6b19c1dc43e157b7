using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Vault;

internal sealed class VaultStore(Database database) : IVaultStore
{
    public Task<IReadOnlyList<WrappedDataKey>> DataKeysAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<WrappedDataKey>>(
            async (context, token) => await context.QueryAsync(
                "SELECT id, key_encryption_key_id, wrapped, created_at FROM data_keys ORDER BY created_at, id",
                row => new WrappedDataKey(row.GetGuid(0), row.GetString(1), row.GetFieldValue<byte[]>(2), UtcTicks.Moment(row.GetInt64(3))), token),
            cancellationToken);

    public Task AddDataKeyAsync(WrappedDataKey key, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                context.DataKeys.Add(new DataKeyRow
                {
                    Id = key.Id,
                    KeyEncryptionKeyId = key.KeyEncryptionKeyId,
                    Wrapped = key.Wrapped,
                    CreatedAt = key.CreatedAt,
                });
                await context.SaveChangesAsync(token);
            },
            cancellationToken);

    public Task<bool> RewrapAsync(WrappedDataKey key, string expectedKeyEncryptionKeyId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) => await context.DataKeys
                .Where(k => k.Id == key.Id && k.KeyEncryptionKeyId == expectedKeyEncryptionKeyId)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(k => k.KeyEncryptionKeyId, key.KeyEncryptionKeyId).SetProperty(k => k.Wrapped, key.Wrapped), token) > 0,
            cancellationToken);
}
