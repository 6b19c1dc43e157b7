using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sluice.Core.Planning;

/// <summary>A short name of a fact, by which a million of them are compared: 128 bits of the SHA-256 of its key. Stored: never change how it is made.</summary>
public static class FactId
{
    /// <summary>The name of a fact.</summary>
    public static Guid Of(FactKey key) => Of((int)key.Kind, key.Object is { } on ? [key.Subject, key.Detail, .. on.Names] : [key.Subject, key.Detail]);

    /// <summary>The name of anything else that is told apart by a number and texts.</summary>
    public static Guid Of(int kind, params ReadOnlySpan<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(int)];
        Append(kind, number);
        foreach (var text in texts)
        {
            // Each says its own length, so that no two lists of texts read the same.
            Append(text.Length, number);
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new Guid(digest[..16]);

        void Append(int value, Span<byte> bytes)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            hash.AppendData(bytes);
        }
    }
}
