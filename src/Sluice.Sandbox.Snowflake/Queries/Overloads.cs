using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// Which of a function's overloads a call means: by the names its arguments are given with, else by their types, those that need no
/// coercion first (https://docs.snowflake.com/en/developer-guide/udf-stored-procedure-naming-conventions#overloading-procedures-and-functions).
/// In what order coercions are preferred is not documented: a call that can mean two overloads alike is refused.
/// </summary>
internal static class Overloads
{
    /// <summary>Those that take as many arguments, and the names that are given.</summary>
    public static SchemaObject[] Taking(IEnumerable<SchemaObject> overloads, IReadOnlyList<CallArgument> arguments) =>
    [
        .. overloads.Where(function => function.Arguments.Length == arguments.Count
            && arguments.All(argument => argument.Name is null || function.Arguments.Any(parameter => parameter.Name == argument.Name))),
    ];

    /// <param name="overloads">Those the call may mean.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="types">The type of each argument, null for NULL.</param>
    public static SchemaObject Choose(IReadOnlyList<SchemaObject> overloads, IReadOnlyList<CallArgument> arguments, IReadOnlyList<SqlType?> types)
    {
        var name = overloads[0].Name;
        var ranked = overloads.Select(overload => (Overload: overload, Exact: Exact(overload, arguments, types))).Where(one => one.Exact is not null).ToArray();
        if (ranked.Length == 0) throw SnowflakeException.ArgumentTypes(name, types);
        var best = ranked.Where(one => ranked.All(other => other.Overload == one.Overload || one.Exact!.IsProperSupersetOf(other.Exact!))).ToArray();
        return best is [var (chosen, _)] ? chosen : throw SnowflakeException.Ambiguous(name, types, ranked.Select(one => one.Overload));
    }

    /// <summary>Where in the call a parameter stands.</summary>
    public static int IndexOf(SchemaObject function, int parameter, IReadOnlyList<CallArgument> arguments)
    {
        for (var index = 0; index < arguments.Count; index++)
        {
            if (arguments[index].Name == function.Arguments[parameter].Name) return index;
        }

        return parameter;
    }

    /// <summary>Which arguments are of the type that is asked for; null where one can't become it.</summary>
    private static HashSet<int>? Exact(SchemaObject overload, IReadOnlyList<CallArgument> arguments, IReadOnlyList<SqlType?> types)
    {
        HashSet<int> exact = [];
        for (var parameter = 0; parameter < overload.Arguments.Length; parameter++)
        {
            var index = IndexOf(overload, parameter, arguments);
            if (types[index] is not { } given) continue;
            var asked = overload.Arguments[parameter].Type.Kind;
            if (!Coercions.Reaches(given.Kind, asked)) return null;
            if (given.Kind == asked) exact.Add(index);
        }

        return exact;
    }
}
