using Sluice.Core.Access;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>What kind of values a type holds (https://docs.databricks.com/sql/language-manual/sql-ref-datatypes), by the spelling of <c>type_text</c>.</summary>
internal static class ColumnFamilies
{
    public static ColumnFamily Of(string type) => Plain(type) switch
    {
        "string" or "varchar" or "char" => ColumnFamily.Text,
        "tinyint" or "byte" or "smallint" or "short" or "int" or "integer" or "bigint" or "long" => ColumnFamily.Integer,
        "decimal" or "dec" or "numeric" or "float" or "real" or "double" => ColumnFamily.Number,
        "date" => ColumnFamily.Date,
        "timestamp" or "timestamp_ntz" or "timestamp_ltz" => ColumnFamily.Time,
        "boolean" => ColumnFamily.Boolean,
        _ => ColumnFamily.Other,
    };

    /// <summary>The type's name without its length, precision or collation: of <c>decimal(10,2)</c>, <c>string collate UTF8_LCASE</c>.</summary>
    public static string Plain(string type)
    {
        var end = type.AsSpan().IndexOfAny('(', ' ');
        return (end < 0 ? type : type[..end]).ToLowerInvariant();
    }
}
