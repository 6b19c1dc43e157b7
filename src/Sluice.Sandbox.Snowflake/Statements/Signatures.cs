using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Argument lists of functions, which are part of their names.</summary>
internal static class Signatures
{
    /// <summary>"varchar, number(10,2)" as the key of a function has it: TEXT, NUMBER.</summary>
    public static string Normalise(string list)
    {
        var reader = new TokenReader(list);
        List<string> types = [];
        while (!reader.AtEnd)
        {
            if (types.Count > 0) reader.ExpectSymbol(",");
            // An argument's name may stand before its type.
            if (reader.Peek().IsName && !reader.Peek().Is("PRECISION")) reader.Take();
            types.Add(reader.ReadType().Short);
        }

        return string.Join(", ", types);
    }

    /// <summary>A function's name with its argument types, as GET_DDL is given it: schema.name(varchar).</summary>
    public static ObjectName Called(string text)
    {
        var reader = new TokenReader(text);
        var name = reader.ReadName();
        if (!reader.Current.IsSymbol("(")) return name;
        var (first, end) = reader.ReadParenthesised();
        return name with { Name = $"{name.Name}({Normalise(reader.TextOf(first, end))})" };
    }

    public static SqlType Type(string text) => new TokenReader(text).ReadType();
}
