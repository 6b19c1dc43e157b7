using System.Text;
using CsCheck;

namespace Sluice.Core.Tests.Catalog;

/// <summary>Names as platforms really have them, the awkward ones often.</summary>
internal static class Names
{
    private static readonly Gen<string> AnyRune =
        Gen.Int[1, 0x10F7FF].Select(i => new Rune(i < 0xD800 ? i : i + 0x800).ToString());

    private static readonly Gen<string> Awkward = Gen.OneOf(
        "/", "%", "%2F", "%2f", "%252F", "%2E%2E", ".", "..", "...", "'", "\"", "`", "[", "]", "\\", " ", "  ", "+", "?", "#", "&", ";", ":",
        "é", "ß", "İ", "漢字", "🦫", "👩‍👩‍👧", "\u202E", "\u00A0", "\u0085", "\uFEFF", "\uFFFD", "\t", "\r\n", "\u0001", "\u007F", "NULL", "orders");

    private static readonly Gen<string> Plain = Gen.String[Gen.Char.AlphaNumeric, 1, 8];

    /// <summary>A name that is one.</summary>
    internal static readonly Gen<string> WellFormed = Gen.OneOf(Awkward, Plain, AnyRune).Array[1, 6].Select(string.Concat);

    /// <summary>The names of a path.</summary>
    internal static readonly Gen<string[]> Path = WellFormed.Array[1, 4];

    /// <summary>Any UTF-16 code units at all, lone surrogates and percent signs often.</summary>
    internal static readonly Gen<string> AnyText = Gen.Frequency(
        (4, Gen.Char['\0', '\uFFFF']), (2, Gen.OneOf('%', '/', '2', 'F', 'f', '.', 'g', '0')), (1, Gen.Char['\uD800', '\uDFFF']))
        .Array[0, 40].Select(chars => new string(chars));
}
