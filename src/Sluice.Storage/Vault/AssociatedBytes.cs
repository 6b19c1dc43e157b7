using System.Buffers.Binary;

namespace Sluice.Storage.Vault;

/// <summary>
/// What a box is bound to. Every part has a fixed length or says its own, so that no two different bindings read the same.
/// </summary>
internal static class AssociatedBytes
{
    private const int IdSize = 16;

    /// <summary>A secret belongs to one connection and one field.</summary>
    public static byte[] OfSecret(Guid connectionId, string field) => Write("sluice:secret:v1"u8, connectionId, field);

    /// <summary>A wrapped data key belongs to its id and to the key that wraps it.</summary>
    public static byte[] OfDataKey(Guid dataKeyId, string keyEncryptionKeyId) => Write("sluice:data-key:v1"u8, dataKeyId, keyEncryptionKeyId);

    private static byte[] Write(ReadOnlySpan<byte> label, Guid id, string name)
    {
        // Code units rather than UTF-8: an encoder maps every broken surrogate to the same character, and two names would be one.
        var size = CodeUnits.SizeOf(name);
        var bytes = new byte[label.Length + IdSize + sizeof(int) + size];
        label.CopyTo(bytes);
        var rest = bytes.AsSpan(label.Length);
        id.TryWriteBytes(rest, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(rest[IdSize..], size);
        CodeUnits.Write(name, rest[(IdSize + sizeof(int))..]);
        return bytes;
    }
}
