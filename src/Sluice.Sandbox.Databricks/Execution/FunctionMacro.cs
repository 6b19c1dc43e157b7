using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution.Dialect;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>
/// A SQL function as a macro of the engine. Arguments are cast to the parameters' types, the result to the function's own. Names in a body
/// that reads tables are columns before they are parameters (https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-name-resolution),
/// and the engine would take a macro's parameter first: there the parameters are the columns of a relation around the body, under the
/// function's name.
/// </summary>
internal static class FunctionMacro
{
    /// <param name="function">The function.</param>
    /// <param name="macro">The macro's name, quoted.</param>
    /// <param name="body">The body in the engine's words; given the function where it is a plain expression, whose qualified parameters lose their qualifier.</param>
    public static string Of(FunctionObject function, string macro, Func<FunctionObject?, string> body)
    {
        var given = function.Parameters.Select((_, index) => $"p{index}").ToArray();
        var casts = function.Parameters.Zip(given, (parameter, name) => CastForms.Cast(name, parameter.Type)).ToArray();
        var names = function.Parameters.Select(parameter => EngineQuoting.Identifier(parameter.Name)).ToArray();
        if (function.Parameters.IsEmpty) return $"CREATE OR REPLACE TEMP MACRO {macro}() AS ({Result(function, body(function))})";
        if (Reads(function.Body))
        {
            // In two steps: an argument may be a column of a parameter's name, which the engine would take for the name beside it.
            var held = given.Select(name => EngineQuoting.Identifier($"given {name}")).ToArray();
            var arguments = string.Join(", ", casts.Zip(held, (cast, name) => $"{cast} AS {name}"));
            var scope = string.Join(", ", held.Zip(names, (value, name) => $"{value} AS {name}"));
            return $"CREATE OR REPLACE TEMP MACRO {macro}({string.Join(", ", given)}) AS (SELECT {Result(function, body(null))} FROM (SELECT {scope} FROM (SELECT {arguments})) AS {EngineQuoting.Identifier(function.Name)})";
        }

        var plain = EngineQuoting.Identifier($"b_{function.Id}");
        return $"CREATE OR REPLACE TEMP MACRO {plain}({string.Join(", ", names)}) AS ({Result(function, body(function))}); CREATE OR REPLACE TEMP MACRO {macro}({string.Join(", ", given)}) AS ({plain}({string.Join(", ", casts)}))";
    }

    /// <summary>Whether a body reads tables, so that it has columns of its own.</summary>
    public static bool Reads(string body) => Tokenizer.Read(body).Any(token => token.Is("SELECT") || token.Is("FROM") || token.Is("TABLE") || token.Is("VALUES"));

    private static string Result(FunctionObject function, string body) => CastForms.Cast($"({body})", function.Returns);
}
