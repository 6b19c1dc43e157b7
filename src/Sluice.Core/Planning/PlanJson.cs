using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>Plans as JSON: how they are stored, shown and compared.</summary>
public static class PlanJson
{
    /// <summary>camelCase, enums by name, paths as lists of names; what is null is left out.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Stored and shown as JSON, never as a part of HTML: names in any script stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new PathConverter() },
    };

    /// <summary>The plan as text.</summary>
    public static string Write(Plan plan) => JsonSerializer.Serialize(plan, Options);

    /// <summary>A plan from the text that was written of it.</summary>
    public static Plan Read(string json) => JsonSerializer.Deserialize<Plan>(json, Options) ?? throw new JsonException("A plan must not be null.");

    /// <summary>A digest of what a plan does. Equal ones: the same changes, from the same state, in the same order.</summary>
    public static byte[] DigestOf(Plan plan) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(plan.Changes, Options));

    private sealed class PathConverter : JsonConverter<ObjectPath>
    {
        public override ObjectPath Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var names = JsonSerializer.Deserialize<string[]>(ref reader, options) ?? [];
            return ObjectPath.FromNames(names, out var problem) ?? throw new JsonException($"The path {problem}.");
        }

        public override void Write(Utf8JsonWriter writer, ObjectPath value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var name in value.Names) writer.WriteStringValue(name);
            writer.WriteEndArray();
        }
    }
}
