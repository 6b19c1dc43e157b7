using System.Security.Cryptography;

namespace Sluice.Storage.Vault;

/// <summary>
/// AES-256-GCM under one key. A box is nonce, tag, ciphertext. The key lives in the cipher alone: the caller zeroes its own copy, and a
/// disposed cipher refuses to work instead of working with a zeroed key.
/// </summary>
internal sealed class AeadKey : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes a box is longer than what lies in it.</summary>
    public const int Overhead = NonceSize + TagSize;

    // 96 random bits: NIST SP 800-38D, 8.2.2. Its bound of 2^32 boxes a key is far above what a data key may seal.
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly AesGcm _cipher;

    // AesGcm keeps one native context: two threads in it at once would mix their nonces.
    private readonly Lock _turn = new();

    public AeadKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize) throw new ArgumentException($"A key has {KeySize} bytes.", nameof(key));
        _cipher = new AesGcm(key, TagSize);
    }

    public byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        var box = new byte[Overhead + plaintext.Length];
        var nonce = box.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        lock (_turn) _cipher.Encrypt(nonce, plaintext, box.AsSpan(Overhead), box.AsSpan(NonceSize, TagSize), associated);
        return box;
    }

    /// <summary>The plaintext, which the caller zeroes; null when the box was not sealed with this key and these associated bytes.</summary>
    public byte[]? Open(ReadOnlySpan<byte> box, ReadOnlySpan<byte> associated)
    {
        if (box.Length < Overhead) return null;
        var plaintext = new byte[box.Length - Overhead];
        try
        {
            lock (_turn) _cipher.Decrypt(box[..NonceSize], box[Overhead..], box.Slice(NonceSize, TagSize), plaintext, associated);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        lock (_turn) _cipher.Dispose();
    }
}
