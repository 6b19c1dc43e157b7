using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Core.Catalog;

/// <summary>Makes the stamp by which an object is known not to have changed; see <see cref="DiscoveredObject.ChangeStamp"/>.</summary>
public static class ChangeStamp
{
    // Stored: a higher one makes every object be read once more. Raise it when a platform begins to read more of a column.
    private const byte Version = 1;

    /// <summary>The stamp.</summary>
    /// <param name="listed">The object with all that is told of it without reading its columns, and with none of them.</param>
    /// <param name="lastChanged">When the platform last changed it, as the platform writes it.</param>
    public static UInt128 Of(DiscoveredObject listed, string lastChanged)
    {
        // On the heap: how long the text is, a platform says.
        const int fingerprint = 16;
        var text = new byte[1 + fingerprint + Encoding.UTF8.GetByteCount(lastChanged)];
        text[0] = Version;
        BinaryPrimitives.WriteUInt128BigEndian(text.AsSpan(1), listed.Fingerprint);
        Encoding.UTF8.GetBytes(lastChanged, text.AsSpan(1 + fingerprint));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
