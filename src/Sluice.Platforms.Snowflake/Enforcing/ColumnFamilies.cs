using System.Globalization;
using Sluice.Core.Access;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What kind of values a type holds, as a crawl spells it (<c>VARCHAR(16777216)</c>, <c>NUMBER(38,0)</c>, <c>TIMESTAMP_NTZ(9)</c>).</summary>
internal static class ColumnFamilies
{
    /// <summary>The kind.</summary>
    public static ColumnFamily Of(string type) => Plain(type) switch
    {
        "VARCHAR" or "TEXT" or "CHAR" or "STRING" => ColumnFamily.Text,
        "NUMBER" or "DECIMAL" or "NUMERIC" => SizeOf(type) is (_, null or 0) ? ColumnFamily.Integer : ColumnFamily.Number,
        "INT" or "INTEGER" or "BIGINT" or "SMALLINT" => ColumnFamily.Integer,
        "FLOAT" or "DOUBLE" or "REAL" => ColumnFamily.Number,
        "DATE" => ColumnFamily.Date,
        "TIMESTAMP_NTZ" or "TIMESTAMP_LTZ" or "TIMESTAMP_TZ" => ColumnFamily.Time,
        "BOOLEAN" => ColumnFamily.Boolean,
        _ => ColumnFamily.Other,
    };

    /// <summary>The type without a length, precision or scale.</summary>
    public static string Plain(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        return open < 0 ? type : type[..open];
    }

    /// <summary>
    /// The type as a policy's argument: a policy is for a type, whatever a column's length, precision and scale; but for numbers these decide what a policy
    /// that is given none would make of a value, so they stay.
    /// </summary>
    public static string Argument(string type) => Of(type) == ColumnFamily.Text ? "VARCHAR" : type;

    /// <summary>The two numbers in parentheses; null where there are none.</summary>
    public static (int? Size, int? Scale) SizeOf(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || type[^1] != ')') return (null, null);
        var parts = type[(open + 1)..^1].Split(',');
        return (Number(parts[0]), parts.Length > 1 ? Number(parts[1]) : null);
    }

    private static int? Number(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
