using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Sluice.Core.Payloads;

/// <summary>Parses a request body: trailing commas are read (the documentation prints one), duplicate members and comments are not.</summary>
public static class JsonBody
{
    private const int MaxDepth = 32;

    /// <summary>Parses UTF-8 JSON.</summary>
    /// <returns>The document, which the caller disposes, or null with <paramref name="error"/> naming line and column.</returns>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, out string? error)
    {
        // The framework checks UTF-8 only when a text is taken out of the document, and throws then.
        if (!Utf8.IsValid(utf8.Span))
        {
            error = $"The body is not UTF-8: {JsonFault.PositionOf(utf8.Span, FirstInvalid(utf8.Span))}.";
            return null;
        }

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
            error = JsonFault.Find(utf8.Span, MaxDepth) is { } reason
                ? $"The body is not valid JSON: {reason}"
                : $"The body is not valid JSON: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}.";
            return null;
        }
        catch (InvalidOperationException)
        {
            // Thrown while names are compared: one of them escapes half a surrogate pair.
            error = "The body is not valid JSON: a member's name is not well-formed Unicode.";
            return null;
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(utf8[at..], out _, out var width) == System.Buffers.OperationStatus.Done) at += width;
        return at;
    }
}
