using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Declares, sets, drops and reads the variables of a session.</summary>
internal sealed class VariableCommands(SandboxRuntime runtime, Session session, CancellationToken cancellationToken)
{
    public void Declare(DeclareVariable declare)
    {
        if (!declare.OrReplace && session.Variables.ContainsKey(declare.Name)) throw new SqlException("VARIABLE_ALREADY_EXISTS", "42723", $"Cannot create the variable `session`.`{declare.Name}` because it already exists.");
        var type = declare.Type;
        var value = declare.Default is null ? null : Evaluate(declare.Default, ref type);
        session.Variables[declare.Name] = new(value, type!, declare.Default);
    }

    public void Set(SetVariables set)
    {
        // All are evaluated before any is set.
        var values = set.Values.Select(item =>
        {
            var known = Find(item.Name);
            SqlType? type = known.Type;
            return (item.Name, Variable: known with { Value = (item.Expression ?? known.Default) is { } expression ? Evaluate(expression, ref type) : null });
        }).ToArray();
        foreach (var (name, variable) in values) session.Variables[name] = variable;
    }

    public void Drop(DropVariable drop)
    {
        if (!session.Variables.Remove(drop.Name) && !drop.IfExists) throw new SqlException("VARIABLE_NOT_FOUND", "42883", $"The variable `session`.`{drop.Name}` cannot be found.");
    }

    /// <summary>The statement that EXECUTE IMMEDIATE is to run.</summary>
    public string TextOf(ExecuteImmediate execute) => execute.Text ?? Find(execute.Variable!).Value
        ?? throw new SqlException("NULL_QUERY_STRING_EXECUTE_IMMEDIATE", "22004", $"Execute immediate requires a non-null variable as the query string, but the provided variable `{execute.Variable}` is null.");

    private SessionVariable Find(string name) => session.Variables.GetValueOrDefault(name) ?? throw SqlException.NoVariable($"`{name}`");

    private string? Evaluate(string expression, ref SqlType? type)
    {
        using var result = QueryRunner.Select(runtime, session, type is null ? $"SELECT {expression}" : $"SELECT CAST(({expression}) AS {type.Text})", cancellationToken);
        type ??= result.Columns[0].Type;
        foreach (var row in result.Rows) return row[0] is { } value ? ResultValues.Text(value, type) : null;
        return null;
    }
}
