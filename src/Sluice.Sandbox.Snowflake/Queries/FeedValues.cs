using System.Globalization;
using DuckDB.NET.Data.DataChunk.Writer;
using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>How values of each type are handed to the engine. What it has no simple type for goes as text and is cast in SQL.</summary>
internal static class FeedValues
{
    public static Type ClrType(SqlType type) => type.Kind switch
    {
        SqlKind.Fixed when type.Scale == 0 => typeof(long),
        SqlKind.Real => typeof(double),
        SqlKind.Boolean => typeof(bool),
        SqlKind.TimestampLtz or SqlKind.TimestampTz or SqlKind.TimestampNtz => typeof(DateTime),
        _ => typeof(string),
    };

    public static Action<IDuckDBDataWriter, object, ulong> WriterFor(SqlType type) => type.Kind switch
    {
        SqlKind.Fixed when type.Scale == 0 => (into, value, row) => into.WriteValue(Convert.ToInt64(value, CultureInfo.InvariantCulture), row),
        SqlKind.Real => (into, value, row) => into.WriteValue(Convert.ToDouble(value, CultureInfo.InvariantCulture), row),
        SqlKind.Boolean => (into, value, row) => into.WriteValue((bool)value, row),
        SqlKind.TimestampLtz or SqlKind.TimestampTz or SqlKind.TimestampNtz => (into, value, row) => into.WriteValue(((DateTimeOffset)value).UtcDateTime, row),
        SqlKind.Date => (into, value, row) => into.WriteValue(((DateOnly)value).ToString("O", CultureInfo.InvariantCulture), row),
        _ => (into, value, row) => into.WriteValue(value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture)!, row),
    };

    /// <summary>The column as its own type again.</summary>
    public static string Restored(ResultColumn column)
    {
        var (name, alias) = (Sql.Quoting.Always(column.Name), EngineNames.Quoted(column.Name));
        return column.Type.Kind switch
        {
            SqlKind.TimestampLtz or SqlKind.TimestampTz => $"({name} AT TIME ZONE 'UTC') AS {alias}",
            SqlKind.Date or SqlKind.Time or SqlKind.Variant or SqlKind.Object or SqlKind.Array => $"CAST({name} AS {column.Type.Engine}) AS {alias}",
            SqlKind.Fixed when column.Type.Scale > 0 => $"CAST({name} AS {column.Type.Engine}) AS {alias}",
            _ => $"{name} AS {alias}",
        };
    }
}
