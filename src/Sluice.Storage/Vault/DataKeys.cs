using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Sluice.Storage.Vault;

/// <summary>
/// The data keys: unwrapped once, kept as ciphers. A server seals only with data keys it made itself, so that its count of what each has
/// sealed is the whole count, whoever else runs on the same database.
/// </summary>
internal sealed class DataKeys(IVaultStore store, KeyEncryptionKeys wrapping, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<Guid, DataKey> _atHand = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private DataKey? _sealing;

    /// <summary>How many secrets one data key seals before the next one takes over.</summary>
    public int SealLimit { get; init; } = 1 << 20;

    /// <summary>The key for one seal.</summary>
    public async Task<DataKey> ForSealAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_sealing is { } key && await IsCurrentAsync(key, cancellationToken) && key.TryCount(SealLimit)) return key;
            var next = await MakeAsync(cancellationToken);
            next.TryCount(SealLimit);
            return next;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Starts a new data key for the seals to come.</summary>
    public async Task<Guid> StartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return (await MakeAsync(cancellationToken)).Id;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The key of an envelope; null when the database does not know it.</summary>
    public async Task<DataKey?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_atHand.TryGetValue(id, out var key)) return key;
        var stored = (await store.DataKeysAsync(cancellationToken)).FirstOrDefault(k => k.Id == id);
        if (stored is null) return null;

        var found = new DataKey(id, stored.KeyEncryptionKeyId, await wrapping.UnwrapAsync(stored, cancellationToken));
        var kept = _atHand.GetOrAdd(id, found);
        if (!ReferenceEquals(kept, found)) found.Dispose();
        return kept;
    }

    public void Dispose()
    {
        foreach (var key in _atHand.Values) key.Dispose();
        _turn.Dispose();
    }

    // Wrapped anew since: somebody rotated. Gone: the database was put back to an earlier state, and what this key sealed could never be opened.
    private async Task<bool> IsCurrentAsync(DataKey key, CancellationToken cancellationToken) =>
        (await store.DataKeysAsync(cancellationToken)).Any(k => k.Id == key.Id && k.KeyEncryptionKeyId == key.KeyEncryptionKeyId);

    private async Task<DataKey> MakeAsync(CancellationToken cancellationToken)
    {
        var bytes = RandomNumberGenerator.GetBytes(AeadKey.KeySize);
        try
        {
            var now = time.GetUtcNow();
            var wrapped = await wrapping.WrapAsync(Guid.CreateVersion7(now), bytes, now, cancellationToken);
            await store.AddDataKeyAsync(wrapped, cancellationToken);
            var key = new DataKey(wrapped.Id, wrapped.KeyEncryptionKeyId, new AeadKey(bytes));
            _atHand[key.Id] = key;
            return _sealing = key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
