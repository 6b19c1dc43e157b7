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
internal sealed class UserFunctions(StatementContext context, TableSources sources)
{
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
    public string Expand(ObjectName name, SchemaObject[] named, IReadOnlyList<CallArgument> arguments, IReadOnlyList<string> written)
    {
        var callable = named.Where(function => function.Arguments.Length == arguments.Count && context.Access.Has(function, "USAGE")).ToArray();
        return callable.Length switch
        {
            0 => throw Unknown(name),
            1 => Inline(callable[0], arguments, written),
            _ => Choose(callable, arguments, written),
        };
    }

    /// <summary>Overloads that take as many arguments: which one is meant is known by the types the engine finds.</summary>
    private string Choose(SchemaObject[] overloads, IReadOnlyList<CallArgument> arguments, IReadOnlyList<string> written)
    {
        var ordered = overloads.OrderBy(function => function.Arguments.Count(argument => argument.Type.Kind == SqlKind.Text)).ToArray();
        var cases = ordered[..^1].Select(function =>
            $"WHEN {string.Join(" AND ", function.Arguments.Select((argument, index) => $"typeof({written[index]}) {Types(argument.Type)}"))} THEN {Inline(function, arguments, written)}");
        return $"CASE {string.Join(' ', cases)} ELSE {Inline(ordered[^1], arguments, written)} END";
    }

    private static string Types(SqlType type) => type.Kind switch
    {
        SqlKind.Fixed => "SIMILAR TO '(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|DECIMAL.*)'",
        SqlKind.TimestampLtz or SqlKind.TimestampTz => "= 'TIMESTAMP WITH TIME ZONE'",
        _ => $"= '{type.Engine}'",
    };

    private string Inline(SchemaObject function, IReadOnlyList<CallArgument> arguments, IReadOnlyList<string> written)
    {
        Check(function, arguments);
        if (arguments.Any(argument => !argument.IsConstant)) Subqueries.Check(function.Body!, function.Arguments.Select(argument => argument.Name));
        var owner = context.As(function.Owner!, function.Schema);
        var values = Bound(function, arguments, written);
        return Inline(owner, function, values);
    }

    /// <summary>A body with its arguments' values, which are columns or constants of the query around it.</summary>
    private string Inline(StatementContext owner, SchemaObject function, IReadOnlyList<(string Name, string Sql)> values)
    {
        var returns = Signatures.Type(function.Returns!);
        var isInside = context.InMemoizable || function.IsMemoizable;
        owner = isInside ? owner.InsideMemoizable() : owner;
        if (values.Count == 0 || !PolicyBody.HasQuery(function.Body!))
        {
            var inPlace = values.ToDictionary(value => value.Name, value => $"({value.Sql})", StringComparer.Ordinal);
            return Typed(sources.Body(owner, function.Body!, inPlace, Called(function)), returns);
        }

        var names = values.ToDictionary(value => value.Name, value => EngineNames.Quoted(value.Name), StringComparer.Ordinal);
        var columns = string.Join(", ", values.Select(value => $"{value.Sql} AS {EngineNames.Quoted(value.Name)}"));
        return $"(SELECT {Typed(sources.Body(owner, function.Body!, names, Called(function)), returns)} FROM (SELECT {columns}) AS \"~arguments\")";
    }

    private static List<(string Name, string Sql)> Bound(SchemaObject function, IReadOnlyList<CallArgument> arguments, IReadOnlyList<string> written)
    {
        List<(string, string)> values = [];
        for (var i = 0; i < function.Arguments.Length; i++)
        {
            var argument = function.Arguments[i];
            var given = arguments.Select((candidate, index) => (candidate, index)).FirstOrDefault(pair => pair.candidate.Name == argument.Name);
            var index = given.candidate is null ? i : given.index;
            values.Add((argument.Name, Typed(written[index], argument.Type)));
        }

        return values;
    }

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
        context.Run.Access.Called(function, sources.Recording);
        return sources.Recording == Recording.None ? Recording.None : Recording.Base;
    }

    private static SnowflakeException Unknown(ObjectName name) => name.Schema is null
        ? new("002140", "42601", $"SQL compilation error:\nUnknown function {name}.")
        : new("002141", "42601", $"SQL compilation error:\nUnknown user-defined function {name}.");
}
