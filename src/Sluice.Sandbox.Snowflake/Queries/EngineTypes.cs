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

    /// <summary>A column's default, where the engine can have one: constants and the clock.</summary>
    public static string Default(string expression) => Clock().IsMatch(expression) ? "now()" : expression;

    [GeneratedRegex(@"^(CURRENT_TIMESTAMP|SYSDATE|GETDATE)(\(\))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Clock();
}
