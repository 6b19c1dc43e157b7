using System.Text;

namespace Sluice.Server.Http;

/// <summary>
/// Text that is shown to people and stored: no control characters, no half of a surrogate pair. Not every database holds a NUL, and a line
/// end would forge a line of a log.
/// </summary>
internal static class PlainText
{
    /// <summary>Whether a text is plain.</summary>
    public static bool Is(string text) => Of(text, text.Length) == text;

    /// <summary>A text without what is not plain, cut to a length.</summary>
    public static string Of(string text, int longest)
    {
        var plain = new StringBuilder(Math.Min(text.Length, longest));
        // Halves of surrogate pairs come as the replacement character.
        foreach (var rune in text.EnumerateRunes())
        {
            if (plain.Length + rune.Utf16SequenceLength > longest) break;
            if (!Rune.IsControl(rune)) plain.Append(rune);
        }

        return plain.ToString();
    }
}
