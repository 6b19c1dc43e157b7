using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.History;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// Calls of SQL functions that users made. The body takes the place of the call and reads with its owner's privileges
/// (https://docs.snowflake.com/en/developer-guide/udf/sql/udf-sql-scalar-functions).
/// </summary>
internal sealed class UserFunctions(StatementContext context, TableSources sources, IReadOnlyDictionary<string, BodyArgument> inPlace)
{
    private readonly ArgumentTypes types = new(sources, inPlace);

    /// <summary>Calls left open. The same one is written alike wherever it stands in a SELECT, or GROUP BY would not know it.</summary>
    private readonly Dictionary<(object Scope, string Function, string Arguments), string> left = [];

    /// <summary>The functions of that name, whoever may call them; none for a name that is no user's function.</summary>
    public SchemaObject[] Named(ObjectName name)
    {
        if (name.Schema is null)
        {
            return (context.Home ?? context.Session.Schema)?.Of(Domain.Function).Where(function => function.Name == name.Name).ToArray() ?? [];
        }

        var found = context.SchemaOf(name, "SELECT").Of(Domain.Function).Where(function => function.Name == name.Name).ToArray();
        return found.Length > 0 ? found : throw Unknown(name);
    }

    /// <param name="name">As it is called.</param>
    /// <param name="named">The functions of that name.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="written">Each argument as the engine reads it.</param>
    /// <param name="scope">The SELECT it stands in.</param>
    public string Expand(ObjectName name, SchemaObject[] named, IReadOnlyList<CallArgument> arguments, IReadOnlyList<string> written, object scope)
    {
        var taking = Overloads.Taking(named, arguments);
        var callable = taking.Where(function => context.Access.Has(function, "USAGE")).ToArray();
        return callable.Length > 0 ? Choose(callable, arguments, written, taking.Length > 1 ? scope : null) : throw Unknown(name);
    }

    /// <summary>Which overload is meant: at once where the types of the arguments are known, or there is no other; else when the engine has told them.</summary>
    private string Choose(SchemaObject[] callable, IReadOnlyList<CallArgument> arguments, IReadOnlyList<string> written, object? scope)
    {
        var known = new SqlType?[arguments.Count];
        var isKnown = new bool[arguments.Count];
        for (var i = 0; i < arguments.Count; i++) isKnown[i] = types.TryKnow(arguments[i].Tokens, out known[i]);
        if (isKnown.All(one => one)) return Inline(Overloads.Choose(callable, arguments, known), arguments, written);
        if (scope is null) return Inline(callable[0], arguments, written);
        var call = (scope, callable[0].FullName, string.Join(", ", arguments.Select((argument, index) => $"{argument.Name} {written[index]}")));
        if (left.TryGetValue(call, out var before)) return before;
        if (callable.Any(function => PolicyBody.HasQuery(function.Body!))) sources.MayRead();
        var open = context.Runtime.Engine.Leave(written, (found, rewritten) =>
        {
            var all = arguments.Select((argument, index) => isKnown[index] ? known[index] : types.Refined(argument.Tokens, found[index])).ToArray();
            return Inline(Overloads.Choose(callable, arguments, all), arguments, rewritten);
        });
        sources.Keep(open);
        return left[call] = open.Sql;
    }

    private string Inline(SchemaObject function, IReadOnlyList<CallArgument> arguments, IReadOnlyList<string> written)
    {
        Check(function, arguments);
        if (arguments.Any(argument => !argument.IsConstant)) Subqueries.Check(function.Body!, function.Arguments.Select(argument => argument.Name));
        var owner = context.As(function.Owner!, function.Schema);
        var values = Bound(function, arguments, written);
        return Inline(owner, function, values);
    }

    /// <summary>A body with its arguments' values, which are columns or constants of the query around it.</summary>
    private string Inline(StatementContext owner, SchemaObject function, IReadOnlyList<(Argument Argument, string Sql)> values)
    {
        var returns = Signatures.Type(function.Returns!);
        var isInside = context.InMemoizable || function.IsMemoizable;
        owner = isInside ? owner.InsideMemoizable() : owner;
        if (values.Count == 0 || !PolicyBody.HasQuery(function.Body!))
        {
            var standing = values.ToDictionary(value => value.Argument.Name, value => new BodyArgument($"({value.Sql})", value.Argument.Type, MayBeHidden: false), StringComparer.Ordinal);
            return Typed(sources.Body(owner, function.Body!, standing, Called(function)), returns);
        }

        var names = values.ToDictionary(value => value.Argument.Name, value => new BodyArgument(EngineNames.Quoted(value.Argument.Name), value.Argument.Type, MayBeHidden: true), StringComparer.Ordinal);
        var columns = string.Join(", ", values.Select(value => $"{value.Sql} AS {EngineNames.Quoted(value.Argument.Name)}"));
        return $"(SELECT {Typed(sources.Body(owner, function.Body!, names, Called(function)), returns)} FROM (SELECT {columns}) AS \"~arguments\")";
    }

    private static List<(Argument Argument, string Sql)> Bound(SchemaObject function, IReadOnlyList<CallArgument> arguments, IReadOnlyList<string> written) =>
        [.. function.Arguments.Select((argument, parameter) => (argument, Typed(written[Overloads.IndexOf(function, parameter, arguments)], argument.Type)))];

    // A memoizable function takes constants alone, and none names another (the page above, under memoizable functions).
    private void Check(SchemaObject function, IReadOnlyList<CallArgument> arguments)
    {
        if (!function.IsMemoizable) return;
        if (context.InMemoizable) throw SnowflakeException.Unsupported("MEMOIZABLE FUNCTION REFERENCED BY A MEMOIZABLE FUNCTION");
        if (arguments.Any(argument => !argument.IsConstant)) throw SnowflakeException.Unsupported("NON-CONSTANT ARGUMENT OF A MEMOIZABLE FUNCTION");
    }

    private static string Typed(string expression, SqlType type) => Casts.Given($"({expression})", type);

    /// <summary>What the body reads is read on the query's behalf; within a policy it is not recorded.</summary>
    private Recording Called(SchemaObject function)
    {
        sources.Calls(function);
        context.Run.Access.Called(function, sources.Recording);
        return sources.Recording == Recording.None ? Recording.None : Recording.Base;
    }

    private static SnowflakeException Unknown(ObjectName name) => name.Schema is null
        ? new("002140", "42601", $"SQL compilation error:\nUnknown function {name}.")
        : new("002141", "42601", $"SQL compilation error:\nUnknown user-defined function {name}.");
}
