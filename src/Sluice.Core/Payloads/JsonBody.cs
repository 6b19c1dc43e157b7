using System.Text.Json;

namespace Sluice.Core.Payloads;

/// <summary>Parses a request body: trailing commas are read (the documentation prints one), duplicate members and comments are not.</summary>
public static class JsonBody
{
    private const int MaxDepth = 32;

    /// <summary>Parses UTF-8 JSON.</summary>
    /// <returns>The document, which the caller disposes, or null with <paramref name="error"/> naming line and column.</returns>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, out string? error)
    {
        error = null;
        try
        {
            return JsonDocument.Parse(utf8, new JsonDocumentOptions
            {
                AllowTrailingCommas = true,
                AllowDuplicateProperties = false,
                CommentHandling = JsonCommentHandling.Disallow,
                MaxDepth = MaxDepth,
            });
        }
        catch (JsonException e)
        {
            // The framework's own text can quote the body, and a body can hold a secret: only the position is passed on.
            error = e.LineNumber is { } line && e.BytePositionInLine is { } column
                ? $"The body is not valid JSON: line {line + 1}, column {column + 1}."
                : "The body is not valid JSON: a member stands in it twice, or it is not UTF-8.";
            return null;
        }
    }
}
