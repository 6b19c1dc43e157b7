using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>
/// Reads the statements of session variables, from https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-variables, and
/// EXECUTE IMMEDIATE, whose text is a literal or a variable, as every runtime from 14.3 on takes it.
/// </summary>
internal static class VariableParser
{
    public static DeclareVariable Declare(TokenReader reader)
    {
        var orReplace = reader.Take("OR", "REPLACE");
        reader.Take("VARIABLE");
        var name = Name(reader.Name());
        var hasType = !reader.IsEnd && !reader.Peek.Is("DEFAULT") && !reader.Peek.IsSymbol("=");
        SqlType? type = hasType ? TypeParser.Parse(reader) : null;
        var hasDefault = reader.Take("DEFAULT") || reader.TakeSymbol("=");
        if (!hasDefault && type is null) throw reader.Wrong();
        return new(name, orReplace, type, hasDefault ? reader.Rest() : null);
    }

    public static SetVariables Set(TokenReader reader)
    {
        var values = ImmutableArray.CreateBuilder<(string, string?)>();
        do
        {
            var name = Name(reader.Name());
            reader.ExpectSymbol("=");
            values.Add((name, reader.Take("DEFAULT") ? null : reader.Until(token => token.IsSymbol(","))));
        }
        while (reader.TakeSymbol(","));
        return new(values.ToImmutable());
    }

    public static DropVariable Drop(TokenReader reader)
    {
        var ifExists = StatementParser.IfExists(reader);
        return new(Name(reader.Name()), ifExists);
    }

    public static ExecuteImmediate Immediate(TokenReader reader)
    {
        var execute = reader.Peek.Kind == TokenKind.String ? new ExecuteImmediate(reader.String(), null) : new ExecuteImmediate(null, Name(reader.Name()));
        return reader.IsEnd ? execute : throw SqlException.Unsupported("The sandbox knows EXECUTE IMMEDIATE without INTO and USING.");
    }

    /// <summary>Variables reside in system.session, and may be qualified with it.</summary>
    public static bool IsVariable(SqlName name) => name.Length switch
    {
        1 => true,
        2 => Is(name.Parts[0], "session"),
        3 => Is(name.Parts[0], "system") && Is(name.Parts[1], "session"),
        _ => false,
    };

    private static string Name(SqlName name) => IsVariable(name) ? name.Last : throw SqlException.NoVariable(name.ToString());

    private static bool Is(string part, string word) => string.Equals(part, word, StringComparison.OrdinalIgnoreCase);
}
