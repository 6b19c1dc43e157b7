using System.Globalization;
using System.Numerics;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>
/// The engine's driver reads no NULL among an array's or a map's numbers, booleans and times: they are read as texts, which hold one, and
/// are again what they were when they are written.
/// </summary>
internal static class NestedTexts
{
    /// <summary>The query with such values as texts, or as it is where there are none.</summary>
    public static string Query(string sql, IReadOnlyList<ResultColumn> columns)
    {
        if (!columns.Any(column => Concerns(column.Type))) return sql;
        var names = columns.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"c{index}")).ToArray();
        var read = columns.Select((column, index) => Concerns(column.Type) ? $"CAST({names[index]} AS {AsTexts(column.Type).Engine})" : names[index]);
        return $"SELECT {string.Join(", ", read)} FROM ({sql}) AS nested({string.Join(", ", names)})";
    }

    /// <summary>What a text was; one that was a text stays one.</summary>
    public static object Value(string text, SqlType type) => type.Base switch
    {
        "bigint" or "int" or "smallint" or "tinyint" => BigInteger.Parse(text, CultureInfo.InvariantCulture),
        "decimal" => decimal.Parse(text, CultureInfo.InvariantCulture),
        "double" or "float" => text switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, "nan" => double.NaN, _ => double.Parse(text, CultureInfo.InvariantCulture) },
        "boolean" => text == "true",
        "date" => DateOnly.Parse(text, CultureInfo.InvariantCulture),
        "timestamp" or "timestamp_ntz" => DateTime.Parse(text, CultureInfo.InvariantCulture),
        _ => text,
    };

    private static bool Concerns(SqlType type) => type.Base is "array" or "map" ? IsValue(type.Parts[^1].Type) || Concerns(type.Parts[^1].Type) : type.Parts.Any(part => Concerns(part.Type));

    private static bool IsValue(SqlType type) => type.Base is "bigint" or "int" or "smallint" or "tinyint" or "decimal" or "double" or "float" or "boolean" or "date" or "timestamp" or "timestamp_ntz" or "void";

    private static SqlType AsTexts(SqlType type) => type.Base switch
    {
        "array" or "map" => type with { Parts = type.Parts.SetItem(type.Parts.Length - 1, (type.Parts[^1].Name, IsValue(type.Parts[^1].Type) ? SqlType.String : AsTexts(type.Parts[^1].Type))) },
        "struct" => type with { Parts = [.. type.Parts.Select(part => (part.Name, AsTexts(part.Type)))] },
        _ => type,
    };
}
