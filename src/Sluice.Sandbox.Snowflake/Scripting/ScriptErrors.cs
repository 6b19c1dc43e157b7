using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <summary>Errors about a script as a whole: nothing of it is run.</summary>
internal static class ScriptErrors
{
    /// <summary>The line from 1 and the position from 0 of an offset, as Snowflake counts them.</summary>
    public static (int Line, int Position) Place(string sql, int at)
    {
        var before = sql.AsSpan(0, Math.Min(at, sql.Length));
        return (before.Count('\n') + 1, before.Length - (before.LastIndexOf('\n') + 1));
    }

    public static SnowflakeException Compilation(string sql, int at, string problem, string code = "001008", string state = "22023")
    {
        var (line, position) = Place(sql, at);
        return new(code, state, $"SQL compilation error: error line {line} at position {position}\n{problem}");
    }

    public static SnowflakeException UnknownName(string sql, Token name) => Compilation(sql, name.Start, $"invalid identifier '{Quoting.Identifier(name.Value)}'", "000904", "42000");

    public static SnowflakeException UnsetBind(string sql, Token bind, string name) => Compilation(sql, bind.Start, $"Bind variable :{name} not set.", "002049", "42601");

    /// <summary>What Snowflake has and the sandbox doesn't.</summary>
    public static SnowflakeException Unsupported(string sql, int at, string feature) => Compilation(sql, at, $"Unsupported feature '{feature}'.", "000002", "0A000");
}

/// <summary>An exception within a script, on its way to a handler (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/exceptions).</summary>
/// <param name="type">STATEMENT_ERROR, EXPRESSION_ERROR or the name of a declared one.</param>
/// <param name="cause">The error itself.</param>
/// <param name="at">Where it came up in the script's text.</param>
/// <param name="declared">The declared exception.</param>
internal sealed class ScriptError(string type, SnowflakeException cause, int at, DeclaredException? declared = null) : Exception(cause.Message, cause)
{
    public const string Statement = "STATEMENT_ERROR";
    public const string Expression = "EXPRESSION_ERROR";

    public string Type => type;

    public SnowflakeException Cause => cause;

    public DeclaredException? Declared => declared;

    /// <summary>What the client is told where no handler took it: the error's own code, and where it came up.</summary>
    public SnowflakeException Uncaught(string sql)
    {
        var (line, position) = ScriptErrors.Place(sql, at);
        return new(cause.Code, cause.SqlState, $"Uncaught exception of type '{type}' on line {line} at position {position} : {cause.Message}");
    }
}

/// <summary>name EXCEPTION (number, 'message').</summary>
internal sealed class DeclaredException(string name, int number, string message)
{
    public string Name => name;

    public int Number => number;

    public string Message => message;
}
