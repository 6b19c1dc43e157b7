using System.Globalization;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <summary>A value in a script, and its type.</summary>
internal sealed record ScriptValue(SqlType Type, object? Value)
{
    public static ScriptValue Null { get; } = new(SqlType.Text, null);

    public static ScriptValue Text(string? value) => new(SqlType.Text, value);

    public static ScriptValue Number(long? value) => new(SqlType.Number, value);

    public static ScriptValue Flag(bool? value) => new(SqlType.Boolean, value);

    public bool IsTrue => Value is true;

    /// <summary>As SQL of the engine that gives this value and type.</summary>
    public string Constant => Value switch
    {
        null => $"CAST(NULL AS {Type.Engine})",
        string text => OfText(text),
        bool flag => flag ? "TRUE" : "FALSE",
        double number => $"CAST('{number.ToString("R", CultureInfo.InvariantCulture)}' AS DOUBLE)",
        decimal number when Type is { Kind: SqlKind.Fixed, Scale: > 0 } => $"CAST('{number.ToString(CultureInfo.InvariantCulture)}' AS {Type.Engine})",
        DateOnly day => $"DATE '{day:yyyy-MM-dd}'",
        DateTime day when Type.Kind == SqlKind.Date => $"DATE '{day:yyyy-MM-dd}'",
        DateTime moment => OfMoment(moment),
        DateTimeOffset moment => OfMoment(moment.UtcDateTime),
        TimeOnly time => $"TIME '{time:HH:mm:ss.ffffff}'",
        TimeSpan time => OfTime(time),
        byte[] bytes => $"unhex('{Convert.ToHexString(bytes)}')",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture) is ['-', ..] negative ? $"({negative})" : number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quoting.Text(Value.ToString()!),
    };

    private string OfText(string text) => Type.Kind switch
    {
        SqlKind.Variant or SqlKind.Object or SqlKind.Array => $"CAST({Quoting.Text(text)} AS {Type.Engine})",
        SqlKind.Binary => $"unhex({Quoting.Text(text)})",
        SqlKind.Time when decimal.TryParse(text, CultureInfo.InvariantCulture, out var seconds) => OfTime(TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))),
        _ => Quoting.Text(text),
    };

    private string OfMoment(DateTime moment) =>
        Type.Kind == SqlKind.TimestampNtz ? $"TIMESTAMP '{moment:yyyy-MM-dd HH:mm:ss.ffffff}'" : $"TIMESTAMPTZ '{moment:yyyy-MM-dd HH:mm:ss.ffffff}+00'";

    private static string OfTime(TimeSpan time) => $"TIME '{time:hh\\:mm\\:ss\\.ffffff}'";
}
