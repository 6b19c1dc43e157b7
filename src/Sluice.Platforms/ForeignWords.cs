namespace Sluice.Platforms;

/// <summary>A platform's or an authority's own words, fit to be shown.</summary>
public static class ForeignWords
{
    private const int Longest = 500;

    /// <summary>Cut to 500 characters, on one line, and without control characters; empty for none.</summary>
    public static string Bounded(string? words)
    {
        var kept = (words ?? "").Trim();
        if (kept.Length > Longest) kept = string.Concat(kept.AsSpan(0, char.IsHighSurrogate(kept[Longest - 1]) ? Longest - 1 : Longest), "…");
        return string.Create(kept.Length, kept, static (span, text) =>
        {
            for (var i = 0; i < text.Length; i++) span[i] = char.IsControl(text[i]) ? ' ' : text[i];
        });
    }
}
