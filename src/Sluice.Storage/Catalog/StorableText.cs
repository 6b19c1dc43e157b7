namespace Sluice.Storage.Catalog;

/// <summary>
/// Text that both databases can hold: no NUL, no half of a surrogate pair. A platform's comment that has one must not stop a crawl, so it
/// is shown with the replacement character in its place.
/// </summary>
internal static class StorableText
{
    public static bool Is(string text)
    {
        if (text.Contains('\0')) return false;
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return true;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text)
    {
        if (text is null || Is(text)) return text;
        return string.Create(text.Length, text, static (chars, source) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                var pairs = char.IsSurrogate(source[i])
                    && ((i + 1 < source.Length && char.IsSurrogatePair(source[i], source[i + 1])) || (i > 0 && char.IsSurrogatePair(source[i - 1], source[i])));
                chars[i] = source[i] == '\0' || (char.IsSurrogate(source[i]) && !pairs) ? '\uFFFD' : source[i];
            }
        });
    }
}
