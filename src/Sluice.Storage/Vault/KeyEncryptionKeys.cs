using System.Security.Cryptography;
using Sluice.Core.Audit;

namespace Sluice.Storage.Vault;

/// <summary>
/// The key-encryption keys at hand, read again from their source before every wrap, and when a data key names one that is not there: another
/// server may have rotated.
/// </summary>
internal sealed class KeyEncryptionKeys(IKeySource source) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private KeyRing? _ring;

    /// <summary>Makes the source ready and reads it; returns the ids, the current one first.</summary>
    public Task<IReadOnlyList<string>> PrepareAsync(bool mayCreate, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            await source.PrepareAsync(mayCreate, cancellationToken);
            return (await ReadAgainAsync(cancellationToken)).Ids;
        },
        cancellationToken);

    /// <summary>Reads the source; returns the ids, the current one first.</summary>
    public Task<IReadOnlyList<string>> IdsAsync(CancellationToken cancellationToken) =>
        InTurnAsync(async () => (await ReadAgainAsync(cancellationToken)).Ids, cancellationToken);

    /// <summary>Makes a new current key, where the source can.</summary>
    public Task<bool> TryAddAsync(CancellationToken cancellationToken) =>
        InTurnAsync(() => source.TryAddAsync(cancellationToken), cancellationToken);

    /// <summary>Wraps a new data key under the current key.</summary>
    public Task<WrappedDataKey> WrapAsync(
        Guid dataKeyId, ReadOnlyMemory<byte> dataKey, DateTimeOffset createdAt, CancellationToken cancellationToken) => InTurnAsync(
        async () => (await ReadAgainAsync(cancellationToken)).Current.Wrap(dataKeyId, dataKey.Span, createdAt),
        cancellationToken);

    /// <summary>Unwraps a data key.</summary>
    /// <exception cref="VaultException">The source does not hold its key, or the wrapping was altered.</exception>
    public Task<AeadKey> UnwrapAsync(WrappedDataKey key, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            var ring = await RingForAsync(key, cancellationToken);
            var holder = ring.Find(key.KeyEncryptionKeyId) ?? throw new VaultException(
                $"The vault holds no key-encryption key {key.KeyEncryptionKeyId}, which wraps data key {key.Id}. Put it back among the older keys.");
            var bytes = holder.Unwrap(key) ?? throw new VaultException(
                $"Data key {key.Id} was altered in the database: key-encryption key {key.KeyEncryptionKeyId} does not unwrap it.");
            try
            {
                return new AeadKey(bytes);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        },
        cancellationToken);

    /// <summary>The same data key under the current key; null when it can't be unwrapped.</summary>
    public Task<WrappedDataKey?> RewrapAsync(WrappedDataKey key, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            var ring = await RingForAsync(key, cancellationToken);
            if (ring.Find(key.KeyEncryptionKeyId)?.Unwrap(key) is not { } bytes) return null;
            try
            {
                return ring.Current.Wrap(key.Id, bytes, key.CreatedAt);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        },
        cancellationToken);

    /// <summary>The audit key of the current key at hand.</summary>
    public Task<AuditKey> AuditKeyAsync(CancellationToken cancellationToken) =>
        InTurnAsync(async () => (_ring ?? await ReadAgainAsync(cancellationToken)).Current.Audit, cancellationToken);

    /// <summary>Reads the source; returns the audit keys of all keys by their ids.</summary>
    public Task<IReadOnlyDictionary<string, AuditKey>> AuditKeysAsync(CancellationToken cancellationToken) =>
        InTurnAsync(async () => (await ReadAgainAsync(cancellationToken)).Audit, cancellationToken);

    public void Dispose()
    {
        _ring?.Dispose();
        _turn.Dispose();
    }

    private async Task<KeyRing> RingForAsync(WrappedDataKey key, CancellationToken cancellationToken) =>
        _ring?.Find(key.KeyEncryptionKeyId) is null ? await ReadAgainAsync(cancellationToken) : _ring;

    private async Task<KeyRing> ReadAgainAsync(CancellationToken cancellationToken)
    {
        var ring = await source.ReadAsync(cancellationToken);
        _ring?.Dispose();
        return _ring = ring;
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
