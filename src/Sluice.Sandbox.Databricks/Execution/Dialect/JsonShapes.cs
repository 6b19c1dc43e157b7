using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution.Dialect;

/// <summary>
/// from_json: a document as its schema asks for it, with every field of the schema and no other, which the embedded engine casts as it is
/// (https://docs.databricks.com/aws/en/sql/language-manual/functions/from_json). The mode is PERMISSIVE: what is malformed is NULL.
/// </summary>
internal static class JsonShapes
{
    private static readonly ConcurrentDictionary<string, SqlType> Schemas = new(StringComparer.Ordinal);

    /// <summary>A schema: a data type, or names and types as CREATE TABLE lists them.</summary>
    /// <exception cref="SqlException">It is none, or one this stand-in does not read.</exception>
    public static SqlType Schema(string text)
    {
        if (Schemas.TryGetValue(text, out var known)) return known;
        var reader = new TokenReader(text);
        var isType = reader.Peek.Kind == TokenKind.Word && SqlType.IsKnown(reader.Peek.Text) && (reader.After.Kind == TokenKind.End || reader.After.IsSymbol("<") || reader.After.IsSymbol("("));
        var type = SqlType.Parse(isType ? text : $"STRUCT<{text}>");
        Demand(type);
        return Schemas.GetOrAdd(text, type);
    }

    /// <summary>The document in its schema's shape; null where the whole is NULL.</summary>
    public static string? Read(string text, string schema)
    {
        var type = Schema(schema);
        using var document = Parse(text);
        if (document?.RootElement.ValueKind == JsonValueKind.Null) return null;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, document?.RootElement, type, isRoot: true);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>A document, null when malformed. Its texts may stand in single quotes, which allowSingleQuotes says by default.</summary>
    public static JsonDocument? Parse(string text)
    {
        foreach (var candidate in text.Contains('\'', StringComparison.Ordinal) ? new[] { text, DoubleQuoted(text) } : [text])
        {
            try
            {
                return JsonDocument.Parse(candidate);
            }
            catch (JsonException)
            {
                // The next spelling, or none.
            }
        }

        return null;
    }

    private static void Demand(SqlType type)
    {
        if (type.Base is "binary" or "interval" or "variant") throw SqlException.Unsupported($"The sandbox reads no {type.ResultText} from JSON.");
        if (type.Base == "map" && type.Parts[0].Type.Base != "string") throw SqlException.Unsupported("The sandbox reads maps from JSON whose keys are STRING alone.");
        // The engine's fields differ by more than their case.
        if (type.Base == "struct" && type.Parts.DistinctBy(part => part.Name.ToLowerInvariant()).Count() < type.Parts.Length) throw SqlException.Unsupported("The sandbox knows no fields of one struct whose names differ in case alone.");
        foreach (var part in type.Parts) Demand(part.Type);
    }

    private static void Write(Utf8JsonWriter json, JsonElement? value, SqlType type, bool isRoot = false)
    {
        switch (type.Base, value?.ValueKind)
        {
            case ("struct", JsonValueKind.Object):
            case ("struct", _) when isRoot:
                json.WriteStartObject();
                foreach (var (name, field) in type.Parts)
                {
                    json.WritePropertyName(name);
                    Write(json, value is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(name, out var found) ? found : null, field);
                }

                json.WriteEndObject();
                break;
            case ("map", JsonValueKind.Object):
                json.WriteStartObject();
                foreach (var name in value!.Value.EnumerateObject().Select(property => property.Name).Distinct(StringComparer.Ordinal))
                {
                    json.WritePropertyName(name);
                    Write(json, value.Value.GetProperty(name), type.Parts[1].Type);
                }

                json.WriteEndObject();
                break;
            case ("array", JsonValueKind.Array):
                json.WriteStartArray();
                foreach (var element in value!.Value.EnumerateArray()) Write(json, element, type.Parts[0].Type);
                json.WriteEndArray();
                break;
            default:
                Scalar(json, value, type);
                break;
        }
    }

    private static void Scalar(Utf8JsonWriter json, JsonElement? given, SqlType type)
    {
        if (given is not { ValueKind: not JsonValueKind.Null } value) json.WriteNullValue();
        else if (type.Base is "string" or "varchar" or "char") json.WriteStringValue(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText());
        else if (Fits(value, type)) value.WriteTo(json);
        else if (value.ValueKind == JsonValueKind.String && type.Base is "date" or "timestamp" or "timestamp_ntz" && Time(value.GetString()!) is { } time) json.WriteStringValue(time.ToString(type.Base == "date" ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture));
        else json.WriteNullValue();
    }

    private static bool Fits(JsonElement value, SqlType type) => (type.Base, value.ValueKind) switch
    {
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("tinyint", JsonValueKind.Number) => value.TryGetSByte(out _),
        ("smallint", JsonValueKind.Number) => value.TryGetInt16(out _),
        ("int", JsonValueKind.Number) => value.TryGetInt32(out _),
        ("bigint", JsonValueKind.Number) => value.TryGetInt64(out _),
        ("float" or "double", JsonValueKind.Number) => true,
        ("decimal", JsonValueKind.Number) => value.TryGetDecimal(out var number) && Math.Abs(number) < (decimal)Math.Pow(10, Math.Min(28, (type.Precision ?? 10) - (type.Scale ?? 0))),
        _ => false,
    };

    private static DateTime? Time(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static string DoubleQuoted(string text)
    {
        var json = new StringBuilder();
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter == '\\' && at + 1 < text.Length) json.Append(text[++at] == '\'' ? "'" : $"\\{text[at]}");
            else if (letter is '\'' or '"' && (quote == '\0' || quote == letter))
            {
                quote = quote == '\0' ? letter : '\0';
                json.Append('"');
            }
            else if (letter == '"') json.Append("\\\"");
            else json.Append(letter);
        }

        return json.ToString();
    }
}
