using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Server.Scim;

/// <summary>A body as a tree that can be changed, which outlives its buffer.</summary>
internal static class ScimBody
{
    /// <summary>Copies a body; null: it is no object, or holds half a surrogate pair, which is valid JSON and no text.</summary>
    public static JsonObject? Read(JsonElement body)
    {
        try
        {
            return Copy(body) as JsonObject;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonNode? Copy(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(element.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, Copy(m.Value)))),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Copy)]),
        JsonValueKind.String => JsonValue.Create(element.GetString()),
        JsonValueKind.Number => JsonNode.Parse(element.GetRawText()),
        JsonValueKind.True => JsonValue.Create(true),
        JsonValueKind.False => JsonValue.Create(false),
        _ => null,
    };
}
