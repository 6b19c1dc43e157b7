using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>
/// Calls of SQL functions, whose arguments are given by position, then by name, and otherwise by the parameters' defaults:
/// https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-function-invocation.
/// </summary>
internal sealed partial class QueryRewriter
{
    private int Call(BoundFunction called, int open, ImmutableHashSet<string> tables)
    {
        var close = tokens.Close(open);
        var given = Given(called.Function!, open, close);
        Write($"{called.Sql}(");
        foreach (var (index, parameter) in called.Function!.Parameters.Index())
        {
            if (index > 0) Write(",");
            if (given[index] is var (start, end)) Inside(start, end, tables);
            else Write(functions.Default(called, parameter));
        }

        Write(")");
        return close + 1;
    }

    /// <summary>Where the argument of each parameter stands; null where its default is taken.</summary>
    private (int Start, int End)?[] Given(FunctionObject function, int open, int close)
    {
        var given = new (int, int)?[function.Parameters.Length];
        var (count, byName) = (0, false);
        for (var start = open + 1; start < close; count++)
        {
            var end = tokens.Outside(start, close, at => tokens[at].IsSymbol(",")) is >= 0 and var comma ? comma : close;
            if (tokens[start].IsName && tokens[start + 1].IsSymbol("=>"))
            {
                byName = true;
                var index = IndexOf(function, tokens[start].Text);
                if (given[index] is not null) throw new SqlException("DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE", "4274K", $"Call to routine `{function.Name}` is invalid because it includes multiple argument assignments to the same parameter name `{tokens[start].Text}`.");
                given[index] = (start + 2, end);
            }
            else if (byName) throw new SqlException("UNEXPECTED_POSITIONAL_ARGUMENT", "4274K", $"Cannot invoke routine `{function.Name}` because it contains positional argument(s) following a named argument.");
            else if (count < given.Length) given[count] = (start, end);
            start = end + 1;
        }

        if (count > given.Length) throw new SqlException("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605", $"The `{function.Name}` requires {given.Length} parameters but the actual number is {count}.");
        var missing = function.Parameters.Where((parameter, index) => given[index] is null && parameter.Default is null).FirstOrDefault();
        return missing is null ? given : throw new SqlException("REQUIRED_PARAMETER_NOT_FOUND", "4274K", $"Cannot invoke routine `{function.Name}` because the parameter named `{missing.Name}` is required, but the routine call did not supply a value.");
    }

    private static int IndexOf(FunctionObject function, string name)
    {
        for (var index = 0; index < function.Parameters.Length; index++)
        {
            if (string.Equals(function.Parameters[index].Name, name, StringComparison.OrdinalIgnoreCase)) return index;
        }

        throw new SqlException("UNRECOGNIZED_PARAMETER_NAME", "4274K", $"Cannot invoke routine `{function.Name}` because the routine call included a named argument reference for the argument named `{name}`, but this routine does not include any signature containing an argument with this name.");
    }
}
