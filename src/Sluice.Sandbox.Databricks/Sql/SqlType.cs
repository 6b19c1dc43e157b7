using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>
/// A data type, from https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-datatypes, in the spellings the APIs use.
/// </summary>
/// <param name="Base">The type's name in SQL, lower case, without arguments: bigint, array.</param>
internal sealed record SqlType(string Base)
{
    private static readonly FrozenDictionary<string, string> Synonyms = new Dictionary<string, string>
    {
        ["long"] = "bigint", ["integer"] = "int", ["short"] = "smallint", ["byte"] = "tinyint", ["real"] = "float",
        ["dec"] = "decimal", ["numeric"] = "decimal",
    }.ToFrozenDictionary();

    /// <summary>SQL name, the APIs' type_name, the type within type_json, and the embedded engine's name.</summary>
    private static readonly FrozenDictionary<string, (string Api, string Json, string Engine)> Known = new Dictionary<string, (string, string, string)>
    {
        ["bigint"] = ("LONG", "long", "BIGINT"),
        ["int"] = ("INT", "integer", "INTEGER"),
        ["smallint"] = ("SHORT", "short", "SMALLINT"),
        ["tinyint"] = ("BYTE", "byte", "TINYINT"),
        ["double"] = ("DOUBLE", "double", "DOUBLE"),
        ["float"] = ("FLOAT", "float", "FLOAT"),
        ["decimal"] = ("DECIMAL", "decimal", "DECIMAL"),
        ["boolean"] = ("BOOLEAN", "boolean", "BOOLEAN"),
        ["string"] = ("STRING", "string", "VARCHAR"),
        ["varchar"] = ("STRING", "string", "VARCHAR"),
        ["char"] = ("STRING", "string", "VARCHAR"),
        ["binary"] = ("BINARY", "binary", "BLOB"),
        ["date"] = ("DATE", "date", "DATE"),
        ["timestamp"] = ("TIMESTAMP", "timestamp", "TIMESTAMP"),
        ["timestamp_ntz"] = ("TIMESTAMP_NTZ", "timestamp_ntz", "TIMESTAMP"),
        ["interval"] = ("INTERVAL", "interval", "INTERVAL"),
        ["variant"] = ("VARIANT", "variant", "VARCHAR"),
        ["void"] = ("NULL", "void", "INTEGER"),
        ["array"] = ("ARRAY", "array", ""),
        ["map"] = ("MAP", "map", ""),
        ["struct"] = ("STRUCT", "struct", ""),
    }.ToFrozenDictionary();

    public static readonly SqlType String = new("string");

    public static readonly SqlType Int = new("int");

    public static readonly SqlType Long = new("bigint");

    public static readonly SqlType Timestamp = new("timestamp");

    public static readonly SqlType Boolean = new("boolean");

    public int? Precision { get; init; }

    public int? Scale { get; init; }

    /// <summary>Of varchar and char.</summary>
    public int? Length { get; init; }

    /// <summary>Elements, key and value, or fields.</summary>
    public ImmutableArray<(string Name, SqlType Type)> Parts { get; init; } = [];

    /// <summary>type_name: LONG.</summary>
    public string ApiName => Known[Base].Api;

    /// <summary>type_text of a table's column: bigint, decimal(10,2), array&lt;string&gt;.</summary>
    public string Text => Base switch
    {
        "decimal" => string.Create(CultureInfo.InvariantCulture, $"decimal({Precision ?? 10},{Scale ?? 0})"),
        "varchar" or "char" when Length is not null => string.Create(CultureInfo.InvariantCulture, $"{Base}({Length})"),
        "array" => $"array<{Parts[0].Type.Text}>",
        "map" => $"map<{Parts[0].Type.Text},{Parts[1].Type.Text}>",
        "struct" => $"struct<{string.Join(',', Parts.Select(part => $"{part.Name}:{part.Type.Text}"))}>",
        _ => Base,
    };

    /// <summary>type_text of a result's column: BIGINT.</summary>
    public string ResultText => Parts.IsEmpty ? Text.ToUpperInvariant() : Base switch
    {
        "array" => $"ARRAY<{Parts[0].Type.ResultText}>",
        "map" => $"MAP<{Parts[0].Type.ResultText}, {Parts[1].Type.ResultText}>",
        _ => $"STRUCT<{string.Join(", ", Parts.Select(part => $"{part.Name}: {part.Type.ResultText}"))}>",
    };

    /// <summary>The embedded engine's spelling.</summary>
    public string Engine => Base switch
    {
        "decimal" => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({Precision ?? 10},{Scale ?? 0})"),
        "array" => $"{Parts[0].Type.Engine}[]",
        "map" => $"MAP({Parts[0].Type.Engine}, {Parts[1].Type.Engine})",
        "struct" => $"STRUCT({string.Join(", ", Parts.Select(part => $"{EngineQuoting.Identifier(part.Name)} {part.Type.Engine}"))})",
        _ => Known[Base].Engine,
    };

    public static bool IsKnown(string name) => Known.ContainsKey(Canonical(name));

    public static string Canonical(string name) => Synonyms.GetValueOrDefault(name.ToLowerInvariant(), name.ToLowerInvariant());

    /// <summary>Reads a type from its text.</summary>
    /// <exception cref="SqlException">It isn't one.</exception>
    public static SqlType Parse(string text)
    {
        var reader = new TokenReader(text);
        var type = TypeParser.Parse(reader);
        reader.ExpectEnd();
        return type;
    }

    /// <summary>Writes type_json's value: "long", or an object for a nested type.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        switch (Base)
        {
            case "array":
                json.WriteStartObject();
                json.WriteString("type", "array");
                json.WritePropertyName("elementType");
                Parts[0].Type.WriteJson(json);
                json.WriteBoolean("containsNull", true);
                json.WriteEndObject();
                break;
            case "map":
                json.WriteStartObject();
                json.WriteString("type", "map");
                json.WritePropertyName("keyType");
                Parts[0].Type.WriteJson(json);
                json.WritePropertyName("valueType");
                Parts[1].Type.WriteJson(json);
                json.WriteBoolean("valueContainsNull", true);
                json.WriteEndObject();
                break;
            case "struct":
                json.WriteStartObject();
                json.WriteString("type", "struct");
                json.WriteStartArray("fields");
                foreach (var (name, type) in Parts) type.WriteField(json, name, nullable: true);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(Base == "decimal" ? Text : Known[Base].Json);
                break;
        }
    }

    public void WriteField(Utf8JsonWriter json, string name, bool nullable)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WritePropertyName("type");
        WriteJson(json);
        json.WriteBoolean("nullable", nullable);
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
