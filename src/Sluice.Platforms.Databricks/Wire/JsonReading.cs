using System.Text.Json;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>
/// Reads Databricks' JSON token by token. Each method is called with the reader on a property's name and leaves it on the last token of the
/// value, so that members can be walked by <see cref="NextMember"/>.
/// </summary>
internal static class JsonReading
{
    /// <summary>A string; null for null.</summary>
    public static string? NextText(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    /// <summary>A string by way of the pool; null for null and for the empty string.</summary>
    public static string? NextText(this ref Utf8JsonReader reader, TextPool pool)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : pool.Get(ref reader);
    }

    /// <summary>An id, which Databricks writes as a number or as a text; null for null.</summary>
    public static string? NextId(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number ? $"{reader.GetInt64()}" : reader.GetString();
    }

    /// <summary>A paging token: absent, null or empty after the last page.</summary>
    public static string? NextToken(this ref Utf8JsonReader reader) => reader.NextText() is { Length: > 0 } token ? token : null;

    /// <summary>A whole number; null for null.</summary>
    public static long? NextNumber(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetInt64();
    }

    /// <summary>A boolean; false for null.</summary>
    public static bool NextBoolean(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType != JsonTokenType.Null && reader.GetBoolean();
    }

    /// <summary>Passes over a value.</summary>
    public static void SkipValue(this ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>Moves into an object; false for null.</summary>
    public static bool EnterObject(this ref Utf8JsonReader reader) => reader.Enter(JsonTokenType.StartObject);

    /// <summary>Moves into a list; false for null.</summary>
    public static bool EnterList(this ref Utf8JsonReader reader) => reader.Enter(JsonTokenType.StartArray);

    /// <summary>Moves to the next object of a list; false at its end.</summary>
    public static bool NextItem(this ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray) return false;
        return reader.TokenType == JsonTokenType.StartObject ? true : throw new JsonException();
    }

    /// <summary>Moves to the next member of an object; false at its end.</summary>
    public static bool NextMember(this ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Moves into the answer itself.</summary>
    public static void EnterAnswer(this ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
    }

    private static bool Enter(this ref Utf8JsonReader reader, JsonTokenType expected)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return false;
        return reader.TokenType == expected ? true : throw new JsonException();
    }
}
