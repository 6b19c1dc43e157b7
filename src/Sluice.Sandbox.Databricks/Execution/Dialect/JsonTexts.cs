using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution.Dialect;

/// <summary>
/// to_json: https://docs.databricks.com/aws/en/sql/language-manual/functions/to_json. Fields that are NULL are left out of structs, not of
/// maps and arrays, which is how ignoreNullFields is set by default.
/// </summary>
internal static class JsonTexts
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="text">The value as the embedded engine writes it as JSON.</param>
    /// <param name="engineType">Its type in the engine's words.</param>
    public static string Of(string text, string engineType)
    {
        using var document = JsonDocument.Parse(text);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain)) Write(json, document.RootElement, EngineTypes.Read(engineType));
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, JsonElement value, SqlType type)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var (property, index) in value.EnumerateObject().Select((property, index) => (property, index)))
                {
                    if (type.Base == "struct" && property.Value.ValueKind == JsonValueKind.Null) continue;
                    json.WritePropertyName(property.Name);
                    Write(json, property.Value, type.Base == "struct" ? type.Parts[index].Type : type.Parts[^1].Type);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray()) Write(json, element, type.Parts[0].Type);
                json.WriteEndArray();
                break;
            case JsonValueKind.Number when type.Base is "double":
                json.WriteRawValue(SparkNumbers.Text(value.GetDouble()));
                break;
            case JsonValueKind.String when type.Base == "timestamp" && DateTime.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.None, out var time):
                json.WriteStringValue(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
