using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Execution.Dialect;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Values of results: as text in the JSON_ARRAY format, as JSON values in command results.</summary>
internal static class ResultValues
{
    /// <summary>JSON_ARRAY: a string for every value but NULL.</summary>
    public static void WriteText(Utf8JsonWriter json, object? value, ResultColumn column)
    {
        if (value is null or DBNull) json.WriteNullValue();
        else json.WriteStringValue(Text(value, column.Type));
    }

    /// <summary>Command results: numbers and booleans stay what they are.</summary>
    public static void WriteTyped(Utf8JsonWriter json, object? value, ResultColumn column) => WriteTyped(json, value, column.Type);

    public static string Text(object value, SqlType type) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        decimal number => number.ToString(type.Base == "decimal" ? string.Create(CultureInfo.InvariantCulture, $"F{type.Scale ?? 0}") : "G29", CultureInfo.InvariantCulture),
        double number => SparkNumbers.Text(number),
        float number => SparkNumbers.Text(number),
        DateTime time when type.Base == "date" => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        Stream stream => Convert.ToBase64String(Bytes(stream)),
        IDictionary or IEnumerable => Json(value, type),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static void WriteTyped(Utf8JsonWriter json, object? value, SqlType type)
    {
        switch (value)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case sbyte or short or int or long or byte or ushort or uint or ulong or BigInteger or decimal:
                json.WriteRawValue(Text(value, type));
                break;
            case double or float when double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)):
                json.WriteNumberValue(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case IDictionary fields:
                WriteFields(json, fields, type);
                break;
            case string text when NestedTexts.Value(text, type) is not string and var read:
                WriteTyped(json, read, type);
                break;
            case string or byte[] or Stream:
                json.WriteStringValue(Text(value, type));
                break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (var item in items) WriteTyped(json, item, type.Base == "array" ? type.Parts[0].Type : SqlType.String);
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Text(value, type));
                break;
        }
    }

    private static void WriteFields(Utf8JsonWriter json, IDictionary fields, SqlType type)
    {
        json.WriteStartObject();
        var index = 0;
        foreach (DictionaryEntry field in fields)
        {
            json.WritePropertyName(Convert.ToString(field.Key, CultureInfo.InvariantCulture) ?? "");
            WriteTyped(json, field.Value, type.Base == "map" ? type.Parts[1].Type : type.Base == "struct" ? type.Parts[index].Type : SqlType.String);
            index++;
        }

        json.WriteEndObject();
    }

    private static string Json(object value, SqlType type)
    {
        using var buffer = ResponseBuffer.Rent();
        WriteTyped(buffer.Json, value, type);
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }

    private static byte[] Bytes(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
