using System.Globalization;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// AT | BEFORE (TIMESTAMP | OFFSET | STATEMENT => …), from https://docs.snowflake.com/en/sql-reference/constructs/at-before. Old rows have the
/// columns of today, and whoever reads them is met by the grants and policies of today.
/// </summary>
internal static class TimeTravel
{
    /// <summary>True where a clause begins, and no alias of that name.</summary>
    public static bool Begins(Token word, Token next) => (word.Is("AT") || word.Is("BEFORE")) && next.IsSymbol("(");

    /// <param name="context">Who asks.</param>
    /// <param name="isBefore">BEFORE rather than AT.</param>
    /// <param name="kind">TIMESTAMP, OFFSET or STATEMENT.</param>
    /// <param name="expression">Its value, as the engine reads it.</param>
    public static Moment Read(StatementContext context, bool isBefore, string? kind, string expression)
    {
        switch (kind)
        {
            case "TIMESTAMP":
                var time = (DateTime)(Value(context, $"CAST(({expression}) AS TIMESTAMP)") ?? throw NotConstant(kind));
                return new(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)), null, isBefore);
            case "OFFSET":
                var seconds = Convert.ToDouble(Value(context, $"CAST(({expression}) AS DOUBLE)") ?? throw NotConstant(kind), CultureInfo.InvariantCulture);
                return new(context.Now.AddSeconds(seconds), null, isBefore);
            case "STATEMENT":
                var id = Value(context, $"CAST(({expression}) AS VARCHAR)") as string ?? throw NotConstant(kind);
                return context.Runtime.Log.Find(id) is not null ? new(null, id, isBefore) : throw SnowflakeException.NoStatement(id);
            default:
                throw SnowflakeException.Unsupported($"{(isBefore ? "BEFORE" : "AT")} ({kind ?? "?"} => ...)");
        }
    }

    /// <summary>Where the engine has a table's rows of a moment.</summary>
    public static string Rows(StatementContext context, SchemaObject table, Moment moment)
    {
        if (table.Domain.IsView() || table.Domain is Domain.ExternalTable or Domain.EventTable || table.Database.IsReadOnly) throw SnowflakeException.Unsupported($"TIME TRAVEL ON {table.Domain.Sql()}");
        if (!Reaches(context, table, moment))
        {
            throw new SnowflakeException(
                "000707", "02000", $"Time travel data is not available for table {table.Name}. The requested time is either beyond the allowed time travel period or before the object creation time.");
        }

        return table.History.Of(moment)?.Place ?? EngineConnection.TableName(table);
    }

    private static bool Reaches(StatementContext context, SchemaObject table, Moment moment)
    {
        var asked = moment.Time ?? context.Runtime.Log.Find(moment.Statement!)?.Started ?? DateTimeOffset.MinValue;
        if (asked > context.Now || asked < context.Now - Retention(table)) return false;
        var isAfterMaking = moment.Time is { } time ? time > table.CreatedOn : string.CompareOrdinal(moment.Statement, table.MadeBy) > 0;
        return isAfterMaking && table.History.Reaches(moment);
    }

    private static TimeSpan Retention(SchemaObject table)
    {
        var stated = table.Options.GetValueOrDefault("DATA_RETENTION_TIME_IN_DAYS") ?? table.Schema.Options.GetValueOrDefault("DATA_RETENTION_TIME_IN_DAYS");
        return TimeSpan.FromDays(int.TryParse(stated, CultureInfo.InvariantCulture, out var days) ? days : table.Database.RetentionDays);
    }

    private static object? Value(StatementContext context, string sql)
    {
        object? value = null;
        foreach (var row in context.Runtime.Engine.For(context.Session).Query($"SELECT {sql}", context.Run.Cancellation).Rows) value = row[0];
        return value;
    }

    private static SnowflakeException NotConstant(string kind) => SnowflakeException.Invalid($"The value of {kind} must be a constant.");
}
