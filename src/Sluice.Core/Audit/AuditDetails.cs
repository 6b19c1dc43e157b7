using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Core.Audit;

/// <summary>The details of an event as canonical JSON: members in ordinal order, no blanks, members that are null left out.</summary>
public static class AuditDetails
{
    /// <summary>No details.</summary>
    public const string None = "{}";

    // Stored and shown as JSON, never as a part of HTML: names in any script stay readable.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of named values. Name them one by one: a whole request's body would bring its secrets.</summary>
    public static string Of(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var details = new JsonObject();
        foreach (var (name, value) in members) details.Add(name, value);
        return Of(details);
    }

    /// <summary>The text of an object.</summary>
    public static string Of(JsonObject details)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain)) Write(writer, details);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members.Where(static m => m.Value is not null).OrderBy(static m => m.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items) Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
