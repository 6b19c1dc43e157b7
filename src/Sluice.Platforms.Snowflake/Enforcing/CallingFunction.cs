using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// A function of ours that calls one of the operator's with a value, and makes its result one of the value's type. A policy with conditional columns has to own the functions that it calls, not
/// only to be allowed them (https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy); and where Snowflake refuses the operator's, NULL stands in this one's place, so that the policy is made.
/// </summary>
/// <param name="Name">A digest of what it does.</param>
/// <param name="Type">Of the value and of the result.</param>
/// <param name="Body">The expression in it.</param>
internal sealed record CallingFunction(string Name, string Type, string Body)
{
    /// <summary>Detail of the fact that it is there.</summary>
    public const string Detail = "FUNCTION";

    private const string Value = "V";
    private const string As = " AS ";
    private const string Returns = ") RETURNS ";

    /// <summary>That calls a function.</summary>
    /// <param name="names">Of the connection.</param>
    /// <param name="function">Its database, schema and name, as Snowflake keeps them.</param>
    /// <param name="type">Of the value, as an argument.</param>
    public static CallingFunction Of(NativeNames names, IReadOnlyList<string> function, string type)
    {
        var body = $"{Quote.Path([.. function])}({Value})::{type}";
        return new CallingFunction(names.Call($"({type}) {body}"), type, body);
    }

    /// <summary>The definition of the fact.</summary>
    public string Definition => DefinitionOf(Type, Body);

    /// <summary>The definition of the fact that something else has its name.</summary>
    /// <param name="arguments">As SHOW FUNCTIONS has them: <c>NAME(VARCHAR) RETURN VARCHAR</c>.</param>
    /// <param name="body">What it is, for people.</param>
    /// <param name="name">Its name.</param>
    public static string DefinitionOf(string? arguments, string body, string name)
    {
        var types = arguments is not null && arguments.StartsWith(name, StringComparison.Ordinal) ? arguments[name.Length..] : "";
        var end = types.IndexOf(") ", StringComparison.Ordinal);
        return DefinitionOf(end > 1 ? types[1..end] : "VARCHAR", body);
    }

    /// <summary>The mark of one: it also tells whether it was made as it was asked for.</summary>
    public static string CommentOf(InstanceMark mark, bool isNothing) => isNothing ? $"{mark.Comment} Gives NULL: the function could not be called." : mark.Comment;

    /// <summary>The statement of a change, as it is sent or shown.</summary>
    /// <param name="change">The change.</param>
    /// <param name="function">The function as it stands in a statement.</param>
    /// <param name="mark">The instance's.</param>
    public static string StatementOf(Change change, string function, InstanceMark mark) => change.Verb == ChangeVerb.Remove
        ? $"DROP FUNCTION IF EXISTS {function}({ColumnFamilies.Plain(TypeOf(change.Definition))})"
        : Create(function, TypeOf(change.Definition), BodyOf(change.Definition), CommentOf(mark, isNothing: false));

    /// <summary>A change as it is sent: where it is refused, NULL of the same type takes its place, and the next plan tries again.</summary>
    public static Unit UnitOf(Change change, string function, InstanceMark mark)
    {
        var unit = new Unit([change], StatementOf(change, function, mark));
        if (change.Verb == ChangeVerb.Remove) return unit;
        var type = TypeOf(change.Definition);
        return unit with
        {
            Instead = new Stopgap(Create(function, type, $"NULL::{type}", CommentOf(mark, isNothing: true)), e => MaskFunctions.Uncallable(BodyOf(change.Definition), e.Message)),
        };
    }

    private static string DefinitionOf(string type, string body) => $"({Value} {type}{Returns}{type}{As}{body}";

    private static string Create(string function, string type, string body, string comment) =>
        $"CREATE OR REPLACE FUNCTION {function}({Value} {type}) RETURNS {type} COMMENT = {Quote.Literal(comment)} AS {Quote.Literal(body)}";

    private static string TypeOf(string definition) => definition[(Value.Length + 2)..definition.IndexOf(Returns, StringComparison.Ordinal)];

    private static string BodyOf(string definition) => definition[(definition.IndexOf(As, StringComparison.Ordinal) + As.Length)..];
}
