using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>The engine's types as Snowflake's.</summary>
internal static partial class EngineTypes
{
    public static SqlType TypeOf(DuckDBDataReader reader, int column)
    {
        var type = reader.GetFieldType(column);
        if (type == typeof(decimal))
        {
            var schema = reader.GetSchemaTable()!.Rows[column];
            return new(SqlKind.Fixed, schema["NumericPrecision"] is byte precision ? precision : 38, schema["NumericScale"] is byte scale ? scale : 0);
        }

        return reader.GetDataTypeName(column) switch
        {
            "Boolean" => SqlType.Boolean,
            "Double" or "Float" => new(SqlKind.Real),
            "Date" => new(SqlKind.Date),
            "Time" or "TimeTz" => new(SqlKind.Time, 0, 9),
            "Timestamp" or "TimestampS" or "TimestampMs" or "TimestampNs" => new(SqlKind.TimestampNtz, 0, 9),
            "TimestampTz" => SqlType.Instant,
            "Blob" => new(SqlKind.Binary, Length: 8_388_608),
            "TinyInt" or "SmallInt" or "Integer" or "BigInt" or "HugeInt" or "UnsignedTinyInt" or "UnsignedSmallInt" or "UnsignedInteger" or "UnsignedBigInt" or "UnsignedHugeInt" => SqlType.Number,
            _ => SqlType.Text,
        };
    }

    /// <summary>A type as the engine's errors name it, null for that of NULL.</summary>
    public static SqlType? Named(string name) => name switch
    {
        "\"NULL\"" or "NULL" => null,
        "BOOLEAN" => SqlType.Boolean,
        "DOUBLE" or "FLOAT" => new(SqlKind.Real),
        "DATE" => new(SqlKind.Date),
        "TIME" => new(SqlKind.Time, 0, 9),
        "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" => new(SqlKind.TimestampNtz, 0, 9),
        "TIMESTAMP WITH TIME ZONE" => SqlType.Instant,
        "BLOB" => new(SqlKind.Binary, Length: 8_388_608),
        "JSON" => new(SqlKind.Variant),
        _ when name.EndsWith(']') => new(SqlKind.Array),
        _ when name.StartsWith("STRUCT", StringComparison.Ordinal) || name.StartsWith("MAP", StringComparison.Ordinal) => new(SqlKind.Object),
        _ when name.EndsWith("INT", StringComparison.Ordinal) || name is "INTEGER" or "UINTEGER" or "INTEGER_LITERAL" || name.StartsWith("DECIMAL", StringComparison.Ordinal) => SqlType.Number,
        _ => SqlType.Text,
    };

    /// <summary>A column's default, where the engine can have one: constants and the clock.</summary>
    public static string Default(string expression) => Clock().IsMatch(expression) ? "now()" : expression;

    [GeneratedRegex(@"^(CURRENT_TIMESTAMP|SYSDATE|GETDATE)(\(\))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Clock();
}
