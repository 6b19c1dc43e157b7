using System.Security.Cryptography;
using System.Text;

namespace Sluice.Storage.Catalog;

/// <summary>
/// What a name is indexed by: the name itself, or for one that is too long for an index entry (PostgreSQL: 2,704 bytes) its beginning and a
/// digest. The order is that of the names' first 512 bytes.
/// </summary>
internal static class NameKey
{
    private const int MaxBytes = 512;
    private const int MaxBytesPerChar = 3;

    public static string Of(string name)
    {
        if (name.Length <= MaxBytes / MaxBytesPerChar || Encoding.UTF8.GetByteCount(name) <= MaxBytes) return name;
        var bytes = 0;
        var chars = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > MaxBytes) break;
            bytes += rune.Utf8SequenceLength;
            chars += rune.Utf16SequenceLength;
        }

        // Longer than any short name with the digest, so that no name can be another one's key.
        return string.Concat(name.AsSpan(0, chars), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))));
    }
}
