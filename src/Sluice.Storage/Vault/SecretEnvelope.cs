namespace Sluice.Storage.Vault;

/// <summary>A sealed secret as stored: version, the data key's id, and the box (nonce, tag, ciphertext).</summary>
/// <param name="DataKeyId">Which data key sealed it.</param>
/// <param name="Box">The rest.</param>
internal readonly record struct SecretEnvelope(Guid DataKeyId, ReadOnlyMemory<byte> Box)
{
    private const byte Version = 1;
    private const int HeaderSize = 1 + 16;

    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderSize + Box.Length];
        bytes[0] = Version;
        DataKeyId.TryWriteBytes(bytes.AsSpan(1), bigEndian: true, out _);
        Box.CopyTo(bytes.AsMemory(HeaderSize));
        return bytes;
    }

    /// <summary>Null when the bytes are no envelope this version can read.</summary>
    public static SecretEnvelope? Read(byte[] bytes) => bytes.Length >= HeaderSize + AeadKey.Overhead && bytes[0] == Version
        ? new SecretEnvelope(new Guid(bytes.AsSpan(1, HeaderSize - 1), bigEndian: true), bytes.AsMemory(HeaderSize))
        : null;
}
