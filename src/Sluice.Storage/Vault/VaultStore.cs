using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Vault;

internal sealed class VaultStore(Database database) : IVaultStore
{
    public async Task<IReadOnlyList<WrappedDataKey>> DataKeysAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.DataKeys.OrderBy(k => k.CreatedAt).ThenBy(k => k.Id).ToListAsync(token), cancellationToken);
        return rows.ConvertAll(k => new WrappedDataKey(k.Id, k.KeyEncryptionKeyId, k.Wrapped, k.CreatedAt));
    }

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
