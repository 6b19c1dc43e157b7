using System.Buffers.Binary;

namespace Sluice.Storage.Catalog;

/// <summary>A fingerprint or a change stamp as bytes.</summary>
internal static class Digest
{
    public const int Length = 16;

    public static byte[] Bytes(UInt128 digest)
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, digest);
        return bytes;
    }

    public static byte[]? Bytes(UInt128? digest) => digest is { } there ? Bytes(there) : null;
}
