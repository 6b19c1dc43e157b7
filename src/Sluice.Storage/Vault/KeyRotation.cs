namespace Sluice.Storage.Vault;

/// <summary>Wraps every data key anew. Each step leaves a state in which every secret opens, so it may end anywhere and be run again.</summary>
internal sealed class KeyRotation(IVaultStore store, KeyEncryptionKeys keys, DataKeys dataKeys) : IDisposable
{
    // A round that finds work after the first means that another server wrapped or rotated meanwhile.
    private const int MaxRounds = 16;

    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<VaultRotation> RunAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var made = await MakeKeyAsync(cancellationToken);
            var (rewrapped, unreadable) = await RewrapAllAsync(cancellationToken);
            var dataKeyId = await dataKeys.StartAsync(cancellationToken);

            var ids = await keys.IdsAsync(cancellationToken);
            var used = (await store.DataKeysAsync(cancellationToken)).Select(k => k.KeyEncryptionKeyId).ToHashSet(StringComparer.Ordinal);
            return new VaultRotation(ids[0], made, rewrapped, unreadable, dataKeyId, [.. ids.Skip(1).Where(id => !used.Contains(id))]);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // A current key that wraps nothing yet is new: the operator brought it, or a run was cut short after making it.
    private async Task<bool> MakeKeyAsync(CancellationToken cancellationToken)
    {
        var current = (await keys.IdsAsync(cancellationToken))[0];
        var stored = await store.DataKeysAsync(cancellationToken);
        var isNew = stored.Count > 0 && stored.All(k => k.KeyEncryptionKeyId != current);
        return !isNew && await keys.TryAddAsync(cancellationToken);
    }

    private async Task<(int Rewrapped, int Unreadable)> RewrapAllAsync(CancellationToken cancellationToken)
    {
        var unreadable = new HashSet<Guid>();
        var rewrapped = 0;
        for (var round = 0; round < MaxRounds; round++)
        {
            var current = (await keys.IdsAsync(cancellationToken))[0];
            var pending = (await store.DataKeysAsync(cancellationToken))
                .Where(k => k.KeyEncryptionKeyId != current && !unreadable.Contains(k.Id))
                .ToList();
            if (pending.Count == 0) return (rewrapped, unreadable.Count);

            foreach (var key in pending)
            {
                if (await keys.RewrapAsync(key, cancellationToken) is not { } anew) unreadable.Add(key.Id);
                else if (await store.RewrapAsync(anew, key.KeyEncryptionKeyId, cancellationToken)) rewrapped++;
            }
        }

        throw new VaultException("Other servers went on rotating the vault's keys at the same time. Every secret can be read; run the rotation again.");
    }
}
