namespace Sluice.Storage.Vault;

/// <summary>A data key at hand.</summary>
/// <param name="id">Stands in every envelope sealed with it.</param>
/// <param name="keyEncryptionKeyId">What wrapped it when it came to hand.</param>
/// <param name="cipher">The key itself.</param>
internal sealed class DataKey(Guid id, string keyEncryptionKeyId, AeadKey cipher) : IDisposable
{
    private int _seals;

    public Guid Id => id;

    public string KeyEncryptionKeyId => keyEncryptionKeyId;

    /// <summary>Counts one seal, unless the key has reached its limit.</summary>
    public bool TryCount(int limit)
    {
        if (_seals >= limit) return false;
        _seals++;
        return true;
    }

    public byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated) => cipher.Seal(plaintext, associated);

    public byte[]? Open(ReadOnlySpan<byte> box, ReadOnlySpan<byte> associated) => cipher.Open(box, associated);

    public void Dispose() => cipher.Dispose();
}
