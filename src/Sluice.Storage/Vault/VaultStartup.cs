using Microsoft.Extensions.Logging;

namespace Sluice.Storage.Vault;

/// <inheritdoc cref="IVaultStartup"/>
internal sealed partial class VaultStartup(VaultOptions options, IVaultStore store, KeyEncryptionKeys keys, ILogger<VaultStartup> logger)
    : IVaultStartup, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile bool _unlocked;

    public async Task UnlockAsync(CancellationToken cancellationToken)
    {
        if (_unlocked) return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_unlocked) return;
            var stored = await store.DataKeysAsync(cancellationToken);
            var ids = await keys.PrepareAsync(mayCreate: stored.Count == 0 || options.AcceptLostKeys, cancellationToken);
            RefuseLost([.. stored.Where(k => !ids.Contains(k.KeyEncryptionKeyId))]);
            _unlocked = true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private void RefuseLost(IReadOnlyList<WrappedDataKey> lost)
    {
        if (lost.Count == 0) return;
        var ids = string.Join(", ", lost.Select(k => k.KeyEncryptionKeyId).Distinct(StringComparer.Ordinal));
        if (!options.AcceptLostKeys)
        {
            throw new VaultException(
                $"The database holds secrets sealed under key-encryption keys that are not at hand: {ids}. Put them back among the older keys (is this "
                + "another server's database or key?), or accept the loss and bring those secrets again.");
        }

        Log.LostKeysAccepted(logger, lost.Count, ids);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 2101, Level = LogLevel.Error,
            Message = "{Count} data keys can't be unwrapped: key-encryption keys {Ids} are lost. Their secrets must be brought again.")]
        public static partial void LostKeysAccepted(ILogger logger, int count, string ids);
    }
}
