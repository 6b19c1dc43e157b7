using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution.Dialect;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>
/// A SQL function as a macro of the engine. Arguments are cast to the parameters' types, the result to the function's own. Names in a body
/// that reads tables are columns before they are parameters (https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-name-resolution),
/// and the engine would take a macro's parameter first: there the parameters are the columns of a relation around the body, under the
/// function's name. The same where a body calls one that reads. What a plain body's parameters stand for is worked out once, as a lambda's
/// parameter, in which the engine takes no subquery: it would write an argument wherever its parameter stands, and calls within calls would
/// grow by a power of their depth.
/// </summary>
internal static class FunctionMacro
{
    /// <param name="function">The function.</param>
    /// <param name="macro">The macro's name, quoted.</param>
    /// <param name="body">The body in the engine's words; given the function where it is a plain expression, whose qualified parameters lose their qualifier.</param>
    /// <param name="callsReading">Whether the body that was asked for last calls a function that reads tables.</param>
    public static string Of(FunctionObject function, string macro, Func<FunctionObject?, string> body, Func<bool> callsReading)
    {
        var given = function.Parameters.Select((_, index) => $"p{index}").ToArray();
        var casts = function.Parameters.Zip(given, (parameter, name) => CastForms.Cast(name, parameter.Type)).ToArray();
        var names = function.Parameters.Select(parameter => EngineQuoting.Identifier(parameter.Name)).ToArray();
        if (function.Parameters.IsEmpty) return $"CREATE OR REPLACE TEMP MACRO {macro}() AS ({Result(function, body(function))})";
        var alone = Reads(function.Body) ? null : body(function);
        if (alone is null || callsReading())
        {
            // In two steps: an argument may be a column of a parameter's name, which the engine would take for the name beside it.
            var held = given.Select(name => EngineQuoting.Identifier($"given {name}")).ToArray();
            var arguments = string.Join(", ", casts.Zip(held, (cast, name) => $"{cast} AS {name}"));
            var scope = string.Join(", ", held.Zip(names, (value, name) => $"{value} AS {name}"));
            return $"CREATE OR REPLACE TEMP MACRO {macro}({string.Join(", ", given)}) AS (SELECT {Result(function, body(null))} FROM (SELECT {scope} FROM (SELECT {arguments})) AS {EngineQuoting.Identifier(function.Name)})";
        }

        var plain = EngineQuoting.Identifier($"b_{function.Id}");
        // By position: the engine loses the names of a structure's fields where they are columns of a query around it.
        var called = string.Join(", ", given.Select((_, index) => $"struct_extract_at(given, {index + 1})"));
        return $"CREATE OR REPLACE TEMP MACRO {plain}({string.Join(", ", names)}) AS ({Result(function, alone)}); CREATE OR REPLACE TEMP MACRO {macro}({string.Join(", ", given)}) AS (list_transform([row({string.Join(", ", casts)})], lambda given: {plain}({called}))[1])";
    }

    /// <summary>Whether a body reads tables, so that it has columns of its own.</summary>
    public static bool Reads(string body) => Tokenizer.Read(body).Any(token => token.Is("SELECT") || token.Is("FROM") || token.Is("TABLE") || token.Is("VALUES"));

    private static string Result(FunctionObject function, string body) => CastForms.Cast($"({body})", function.Returns);
}
