using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Platforms;

/// <summary>A digest of a list, such as of names, by which a cursor knows the list it rests on again.</summary>
public static class ListDigest
{
    /// <summary>The digest; never 0 or negative.</summary>
    public static long Of(IEnumerable<string> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var entry in entries)
        {
            var text = Encoding.UTF8.GetBytes(entry);
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            hash.AppendData(length);
            hash.AppendData(text);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return Math.Max(1, BinaryPrimitives.ReadInt64LittleEndian(digest) & long.MaxValue);
    }
}
