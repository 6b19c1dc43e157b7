using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Storage.Vault;

/// <summary>
/// How keys are written: one a line, base64, with or without their id before them, the current one first. <c>#</c> begins a comment line.
/// </summary>
internal static class KeyRingText
{
    /// <summary>Bytes a source may hold.</summary>
    public const int MaxSize = 64 * 1024;

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r"u8);

    /// <summary>Reads the keys. A key that stands there twice is one key.</summary>
    /// <param name="text">What the source holds. The caller zeroes it.</param>
    /// <param name="origin">The source's name for messages.</param>
    /// <exception cref="VaultException">Names every bad line, and shows none.</exception>
    public static KeyRing Read(ReadOnlySpan<byte> text, string origin)
    {
        var keys = new List<KeyEncryptionKey>();
        var problems = new List<string>();
        var number = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            number++;
            var line = Trim(text[range]);
            if (IsKey(line) && ReadLine(line, keys) is { } problem) problems.Add($"line {number.ToString(CultureInfo.InvariantCulture)} {problem}");
        }

        if (problems.Count == 0 && keys.Count == 0) problems.Add("it holds no key");
        if (problems.Count == 0) return new KeyRing(keys);
        foreach (var key in keys) key.Dispose();
        throw new VaultException($"The vault can't use {origin}: {string.Join("; ", problems)}.");
    }

    /// <summary>The line of a key, without its end. The caller zeroes it.</summary>
    public static byte[] LineOf(ReadOnlySpan<byte> key)
    {
        var id = KeyEncryptionKey.IdOf(key);
        var line = new byte[id.Length + 1 + Base64.GetMaxEncodedToUtf8Length(key.Length)];
        Encoding.ASCII.GetBytes(id, line);
        line[id.Length] = (byte)' ';
        Base64.EncodeToUtf8(key, line.AsSpan(id.Length + 1), out _, out _);
        return line;
    }

    /// <summary>The same text with a line put before its first key. Both are the caller's to zero.</summary>
    public static byte[] WithFirst(ReadOnlySpan<byte> text, ReadOnlySpan<byte> line)
    {
        var at = text.Length;
        foreach (var range in text.Split((byte)'\n'))
        {
            if (!IsKey(Trim(text[range]))) continue;
            at = range.Start.GetOffset(text.Length);
            break;
        }

        var result = new byte[text.Length + line.Length + 1];
        text[..at].CopyTo(result);
        line.CopyTo(result.AsSpan(at));
        result[at + line.Length] = (byte)'\n';
        text[at..].CopyTo(result.AsSpan(at + line.Length + 1));
        return result;
    }

    private static bool IsKey(ReadOnlySpan<byte> line) => line is [not (byte)'#', ..];

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        var start = line.IndexOfAnyExcept(Blanks);
        return start < 0 ? [] : line[start..(line.LastIndexOfAnyExcept(Blanks) + 1)];
    }

    private static string? ReadLine(ReadOnlySpan<byte> line, List<KeyEncryptionKey> keys)
    {
        var blank = line.LastIndexOfAny(Blanks);
        var encoded = line[(blank + 1)..];
        Span<byte> key = stackalloc byte[AeadKey.KeySize + 1];
        try
        {
            if (Base64.DecodeFromUtf8(encoded, key, out var read, out var written) != OperationStatus.Done
                || read != encoded.Length || written != AeadKey.KeySize)
            {
                return "must be a key, 32 bytes in base64, or its id and the key";
            }

            // What no generator of random keys has ever made: someone filled in a placeholder.
            if (!key[..AeadKey.KeySize].ContainsAnyExcept(key[0])) return "is the same byte over and over, not a random key";
            var found = new KeyEncryptionKey(key[..AeadKey.KeySize]);
            if (blank >= 0 && !Trim(line[..blank]).SequenceEqual(Encoding.ASCII.GetBytes(found.Id)))
            {
                found.Dispose();
                return "has a key that does not belong to its id: one of them was not copied whole";
            }

            if (keys.Exists(k => k.Id == found.Id)) found.Dispose();
            else keys.Add(found);
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
