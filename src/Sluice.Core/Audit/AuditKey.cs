using System.Security.Cryptography;

namespace Sluice.Core.Audit;

/// <summary>
/// What rows are chained and checkpoints are signed with: two keys, derived apart, so that neither stands in for the other. The database holds neither.
/// </summary>
public sealed class AuditKey
{
    /// <summary>Bytes of a MAC.</summary>
    public const int MacSize = HMACSHA256.HashSizeInBytes;

    private readonly byte[] _chain;
    private readonly byte[] _checkpoint;

    private AuditKey(string id, byte[] chain, byte[] checkpoint) => (Id, _chain, _checkpoint) = (id, chain, checkpoint);

    /// <summary>Stands in every row and checkpoint made with it.</summary>
    public string Id { get; }

    /// <summary>Derives both by HKDF-SHA-256 (RFC 5869); from them there is no way back to what they were derived from.</summary>
    public static AuditKey Derive(string id, ReadOnlySpan<byte> from) => new(id, Derive(from, "sluice:audit-chain:v1"u8), Derive(from, "sluice:audit-checkpoint:v1"u8));

    /// <summary>HMAC-SHA-256 of a row.</summary>
    public byte[] OfRow(ReadOnlySpan<byte> bytes) => HMACSHA256.HashData(_chain, bytes);

    /// <summary>HMAC-SHA-256 of a checkpoint.</summary>
    public byte[] OfCheckpoint(ReadOnlySpan<byte> bytes) => HMACSHA256.HashData(_checkpoint, bytes);

    private static byte[] Derive(ReadOnlySpan<byte> from, ReadOnlySpan<byte> purpose)
    {
        var key = new byte[MacSize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, from, key, salt: [], purpose);
        return key;
    }
}
