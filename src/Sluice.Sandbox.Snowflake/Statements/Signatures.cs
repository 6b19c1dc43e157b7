using Sluice.Sandbox.Snowflake.Catalog;
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

    /// <summary>
    /// A name in a statement about the object. Overloads are told apart by their argument types, which have to be given
    /// (https://docs.snowflake.com/en/developer-guide/udf-stored-procedure-naming-conventions#overloading-procedures-and-functions).
    /// </summary>
    public static ObjectName Read(TokenReader reader, Domain domain)
    {
        var name = reader.ReadName();
        if (domain is not (Domain.Function or Domain.Procedure)) return name;
        if (!reader.Current.IsSymbol("(")) throw reader.Unexpected();
        var (first, end) = reader.ReadParenthesised();
        return name with { Name = $"{name.Name}({Normalise(reader.TextOf(first, end))})" };
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
