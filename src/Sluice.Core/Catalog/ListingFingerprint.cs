using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sluice.Core.Catalog;

/// <summary>
/// Digests a container's whole listing to 128 bits of SHA-256: the names of its children in their order, and what is told of each without its columns. The
/// same listing the next time means that the same children are there, and that those with a <see cref="DiscoveredObject.LastChanged"/> are as they were.
/// </summary>
public sealed class ListingFingerprint : IDisposable
{
    private const int Chunk = 16 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * Chunk);

    /// <summary>Adds the next child.</summary>
    /// <param name="listed">What is told of it without its columns.</param>
    /// <param name="revision">What tells another child of the same name from it, where <see cref="DiscoveredObject.LastChanged"/> is not told.</param>
    public void Add(DiscoveredObject listed, string? revision = null)
    {
        Fingerprint.Write(_buffer, listed.Path.Name);
        Fingerprint.Write(_buffer, revision);
        Fingerprint.WriteListed(_buffer, listed);
        if (_buffer.WrittenCount >= Chunk) Flush();
    }

    /// <summary>The digest of what was added; nothing can be added behind it.</summary>
    public UInt128 Finish()
    {
        Flush();
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Flush()
    {
        _hash.AppendData(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
