using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Platforms.Databricks.Enforcing;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>
/// The types of a function's parameters and result, made from a column's. A function's texts are STRING whatever the column's length or collation is: the column
/// has to be castable to the parameter and the result to the column (https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-column-mask).
/// </summary>
internal static partial class SqlTypes
{
    /// <summary>The type as SQL; null for one that can't be written without taking over text of others.</summary>
    public static string? Of(string columnType) => ColumnFamilies.Plain(columnType) switch
    {
        "string" or "varchar" or "char" => "STRING",
        "tinyint" or "byte" => "TINYINT",
        "smallint" or "short" => "SMALLINT",
        "int" or "integer" => "INT",
        "bigint" or "long" => "BIGINT",
        "float" or "real" => "FLOAT",
        "double" => "DOUBLE",
        "decimal" or "dec" or "numeric" => Decimal(columnType),
        "date" => "DATE",
        "timestamp" or "timestamp_ltz" => "TIMESTAMP",
        "timestamp_ntz" => "TIMESTAMP_NTZ",
        "boolean" => "BOOLEAN",
        "binary" => "BINARY",
        _ => Nested.IsMatch(columnType) ? columnType.ToUpperInvariant() : null,
    };

    /// <summary>How many characters a column's texts have at most; null where any.</summary>
    public static int? LengthOf(string columnType) =>
        Length.Match(columnType) is { Success: true } match && int.TryParse(match.Groups["n"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    private static string? Decimal(string columnType)
    {
        if (!columnType.Contains('(', StringComparison.Ordinal)) return "DECIMAL(10,0)";
        return Precision.Match(columnType) is { Success: true } match ? $"DECIMAL({match.Groups["p"].Value},{(match.Groups["s"] is { Success: true } scale ? scale.Value : "0")})" : null;
    }

    [GeneratedRegex(@"\A(var)?char\((?<n>[0-9]{1,9})\)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Length { get; }

    [GeneratedRegex(@"\A[a-z]+\((?<p>[0-9]{1,2})(, ?(?<s>[0-9]{1,2}))?\)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Precision { get; }

    // Names of fields that are more than plain words are the user's text.
    [GeneratedRegex(@"\A(array|map|struct)<[a-z0-9_<>:,()]{1,1000}>\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Nested { get; }
}
