using System.Buffers.Binary;

namespace Sluice.Storage.Catalog;

/// <summary>A fingerprint as bytes.</summary>
internal static class Digest
{
    public const int Length = 16;

    public static byte[] Bytes(UInt128 fingerprint)
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, fingerprint);
        return bytes;
    }
}
