using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <summary>What a name is in a script.</summary>
internal enum NameKind
{
    Variable,
    Counter,
    ResultSet,
    Cursor,
    Row,
    Exception,
}

/// <summary>
/// The names that are in scope while a script is read (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables).
/// What LET declares is known to the end of the statements it stands among, so to the end of a branch or loop; the documentation says no
/// more of it than that it is declared for the block.
/// </summary>
internal sealed class ScriptNames
{
    /// <summary>Set by every statement (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/dml-status, …/query-id).</summary>
    public static readonly string[] Always = ["SQLROWCOUNT", "SQLFOUND", "SQLNOTFOUND", "SQLID"];

    /// <summary>Known in a handler (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/exceptions).</summary>
    public static readonly string[] Handling = ["SQLCODE", "SQLERRM", "SQLSTATE"];

    private readonly Stack<Dictionary<string, NameKind>> scopes = new();

    public ScriptNames() => Enter(Always);

    /// <summary>True for a name that what is run sets, and a script doesn't.</summary>
    public static bool IsBuiltIn(string name) => Always.Contains(name) || Handling.Contains(name);

    public void Enter(params ReadOnlySpan<string> variables)
    {
        var scope = new Dictionary<string, NameKind>(StringComparer.Ordinal);
        foreach (var variable in variables) scope[variable] = NameKind.Variable;
        scopes.Push(scope);
    }

    public void Leave() => scopes.Pop();

    public void Declare(string sql, Token name, NameKind kind)
    {
        if (!scopes.Peek().TryAdd(name.Value, kind)) throw ScriptErrors.Compilation(sql, name.Start, $"'{Quoting.Identifier(name.Value)}' is declared twice in one scope.");
    }

    public NameKind? Find(string name)
    {
        foreach (var scope in scopes)
        {
            if (scope.TryGetValue(name, out var kind)) return kind;
        }

        return null;
    }

    /// <exception cref="SnowflakeException">The name is not declared, or as something else.</exception>
    public NameKind Demand(string sql, Token name, params ReadOnlySpan<NameKind> kinds)
    {
        var kind = Find(name.Value) ?? throw ScriptErrors.UnknownName(sql, name);
        return kinds.Contains(kind) ? kind : throw ScriptErrors.Compilation(sql, name.Start, $"Invalid use of {kind.ToString().ToLowerInvariant()} '{Quoting.Identifier(name.Value)}'.");
    }
}
