using Sluice.Core.Audit;
using Sluice.Storage.Audit;

namespace Sluice.Storage.Vault;

/// <inheritdoc cref="IAuditKeys"/>
internal sealed class AuditKeys(KeyEncryptionKeys keys) : IAuditKeys
{
    // The keys at hand will do: one who rotates in another process leaves the old key among the older ones. A read for each row could run a command each time.
    public Task<AuditKey> CurrentAsync(CancellationToken cancellationToken) => keys.AuditKeyAsync(cancellationToken);

    public Task<IReadOnlyDictionary<string, AuditKey>> AllAsync(CancellationToken cancellationToken) => keys.AuditKeysAsync(cancellationToken);
}
