using System.Text.Json;

namespace Sluice.Platforms.OAuth;

/// <summary>Texts in what an authority answered.</summary>
internal static class AuthorityTexts
{
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
