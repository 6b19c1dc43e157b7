using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <summary>What is declared in a block, branch or loop while it runs, and around it.</summary>
internal sealed class ScriptScope(ScriptScope? outer)
{
    private readonly Dictionary<string, object> declared = new(StringComparer.Ordinal);

    /// <summary>In a handler: what it handles.</summary>
    public ScriptError? Handled { get => field ?? outer?.Handled; init; }

    public void Declare(string name, object what) => declared[name] = what;

    public object? Find(string name) => declared.TryGetValue(name, out var found) ? found : outer?.Find(name);

    public T Get<T>(string name)
        where T : class => Find(name) as T ?? throw SnowflakeException.InvalidIdentifier(Quoting.Identifier(name));

    /// <summary>The constant for a variable, or for a column of a row; null where there is none of this name.</summary>
    public string? ConstantOf(string name, string? column) => Find(name) switch
    {
        ScriptVariable variable when column is null => variable.Value.Constant,
        ScriptRow row when column is not null => row[column].Constant,
        _ => null,
    };
}

/// <summary>A variable, which keeps the type it was declared with.</summary>
internal sealed class ScriptVariable(ScriptValue value)
{
    public ScriptValue Value { get; set; } = value;
}

/// <summary>What a RESULTSET points to.</summary>
internal sealed class ScriptRows
{
    public StoredResult? Result { get; set; }
}

/// <summary>A cursor: of a query that is run when it is opened, or of a RESULTSET.</summary>
internal sealed class ScriptCursor(ScriptPart? query, ScriptRows rows)
{
    public ScriptPart? Query => query;

    public ScriptRows Rows => rows;

    /// <summary>The rows from the current one on, while it is open.</summary>
    public IEnumerator<object?[]>? Current { get; set; }
}

/// <summary>The row of a FOR loop.</summary>
internal sealed class ScriptRow(string name, IReadOnlyList<ResultColumn> columns, object?[] values)
{
    /// <summary>The column of exactly this name: one in lower case, such as those of SHOW, is to be quoted.</summary>
    public ScriptValue this[string column]
    {
        get
        {
            for (var i = 0; i < columns.Count; i++)
            {
                if (columns[i].Name == column) return new(columns[i].Type, values[i]);
            }

            throw SnowflakeException.InvalidIdentifier($"{Quoting.Identifier(name)}.{Quoting.Identifier(column)}");
        }
    }
}
