using System.Buffers.Binary;

namespace Sluice.Storage.Vault;

/// <summary>Text as its UTF-16 code units, little-endian: the one encoding that brings every string back, broken surrogates too.</summary>
internal static class CodeUnits
{
    public static int SizeOf(string text) => text.Length * sizeof(char);

    public static void Write(string text, Span<byte> bytes)
    {
        for (var i = 0; i < text.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes[(i * sizeof(char))..], text[i]);
    }

    public static string Read(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length / sizeof(char), bytes, static (text, source) =>
    {
        for (var i = 0; i < text.Length; i++) text[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(source[(i * sizeof(char))..]);
    });
}
