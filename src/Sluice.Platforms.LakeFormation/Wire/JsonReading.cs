using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>
/// Reads AWS's JSON token by token. Each method is called with the reader on a property's name and leaves it on the last token of the
/// value, so that members can be walked by <c>while (reader.Read() &amp;&amp; reader.TokenType == JsonTokenType.PropertyName)</c>.
/// </summary>
internal static class JsonReading
{
    private static readonly long EarliestTime = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long LatestTime = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>A string; null for null.</summary>
    public static string? NextText(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    /// <summary>A string by way of the pool; null for null and for the empty string.</summary>
    public static string? NextText(this ref Utf8JsonReader reader, LakePool pool)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : pool.Get(ref reader);
    }

    /// <summary>A list of strings by way of the pool; empty for null.</summary>
    public static IReadOnlyList<string> NextTexts(this ref Utf8JsonReader reader, LakePool pool)
    {
        var texts = new List<string>();
        if (!reader.EnterList()) return texts;
        while (reader.Read() && reader.TokenType == JsonTokenType.String) texts.Add(pool.Get(ref reader) ?? "");
        return texts;
    }

    /// <summary>A paging token: AWS gives none, null or the empty string after the last page.</summary>
    public static string? NextToken(this ref Utf8JsonReader reader) => reader.NextText() is { Length: > 0 } token ? token : null;

    /// <summary>A boolean; null for null.</summary>
    public static bool? NextBoolean(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetBoolean();
    }

    /// <summary>A timestamp, which JSON 1.1 gives as seconds since 1970 with a fraction, in milliseconds; null for null.</summary>
    /// <exception cref="JsonException">It lies outside the years a date can have.</exception>
    public static long? NextTime(this ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        var seconds = reader.GetDecimal();
        return seconds >= EarliestTime && seconds <= LatestTime ? (long)decimal.Round(seconds * 1000) : throw new JsonException();
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
