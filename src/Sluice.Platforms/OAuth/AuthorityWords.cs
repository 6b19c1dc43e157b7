using System.Text.Json;

namespace Sluice.Platforms.OAuth;

/// <summary>An authority's own words, fit to be shown.</summary>
internal static class AuthorityWords
{
    private const int Longest = 500;

    /// <summary>Cut, on one line, and without control characters.</summary>
    public static string Bounded(string? message)
    {
        var kept = (message ?? "").Trim();
        if (kept.Length > Longest) kept = string.Concat(kept.AsSpan(0, char.IsHighSurrogate(kept[Longest - 1]) ? Longest - 1 : Longest), "…");
        return string.Create(kept.Length, kept, static (span, text) =>
        {
            for (var i = 0; i < text.Length; i++) span[i] = char.IsControl(text[i]) ? ' ' : text[i];
        });
    }

    /// <summary>A member that is a text; else null.</summary>
    public static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? Text(value) : null;

    /// <summary>A value that is a text; else null.</summary>
    public static string? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // No well-formed Unicode.
            return null;
        }
    }
}
