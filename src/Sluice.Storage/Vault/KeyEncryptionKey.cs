using System.Security.Cryptography;
using Sluice.Core.Audit;

namespace Sluice.Storage.Vault;

/// <summary>
/// A key-encryption key at hand. Its id comes from its own SHA-256 (of 256 random bits: no way back), so the same key has the same id whatever
/// source it comes from, and can move from a file to a variable or a command.
/// </summary>
internal sealed class KeyEncryptionKey : IDisposable
{
    private const byte Version = 1;
    private const int IdBytes = 16;

    private readonly AeadKey _cipher;

    public KeyEncryptionKey(ReadOnlySpan<byte> key)
    {
        _cipher = new AeadKey(key);
        Id = IdOf(key);
        Audit = AuditKey.Derive(Id, key);
    }

    public string Id { get; }

    /// <summary>What the audit trail is chained with, derived from this key: another use, another key.</summary>
    public AuditKey Audit { get; }

    public static string IdOf(ReadOnlySpan<byte> key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("sluice:key-encryption-key:v1"u8);
        hash.AppendData(key);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, IdBytes));
    }

    public WrappedDataKey Wrap(Guid dataKeyId, ReadOnlySpan<byte> dataKey, DateTimeOffset createdAt) =>
        new(dataKeyId, Id, [Version, .. _cipher.Seal(dataKey, AssociatedBytes.OfDataKey(dataKeyId, Id))], createdAt);

    /// <summary>The data key's bytes, which the caller zeroes; null when this key did not wrap it, or it was altered.</summary>
    public byte[]? Unwrap(WrappedDataKey key) =>
        key.Wrapped is [Version, .. var box] && box.Length == AeadKey.Overhead + AeadKey.KeySize
            ? _cipher.Open(box, AssociatedBytes.OfDataKey(key.Id, Id))
            : null;

    public void Dispose() => _cipher.Dispose();
}
