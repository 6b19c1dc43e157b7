using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>An argument of a call: the tokens it is written with, and the name it is given by, if any.</summary>
internal sealed record CallArgument(string? Name, ImmutableArray<Token> Tokens)
{
    private static readonly HashSet<string> Literals = ["TRUE", "FALSE", "NULL", "AND", "OR", "NOT", "IS", "IN", "LIKE", "BETWEEN", "CASE", "WHEN", "THEN", "ELSE", "END", "AS"];

    /// <summary>True when no column is read: constants and functions of the session alone.</summary>
    public bool IsConstant => !Tokens.Where((token, index) => IsColumn(token, index)).Any();

    /// <summary>The arguments between a parenthesis that opens at <paramref name="open"/> and the one that closes it.</summary>
    public static List<CallArgument> Split(ImmutableArray<Token> tokens, int open, out int close)
    {
        List<CallArgument> arguments = [];
        var depth = 0;
        var first = open + 1;
        for (close = open; ; close++)
        {
            var token = tokens[close];
            if (token.Kind == TokenKind.End) throw new TokenReader("", tokens[close..]).Unexpected();
            depth += token.IsSymbol("(") ? 1 : token.IsSymbol(")") ? -1 : 0;
            if (depth > 0 && !(depth == 1 && token.IsSymbol(","))) continue;
            if (close > first || depth > 0 || arguments.Count > 0) arguments.Add(Of(tokens[first..close]));
            if (depth == 0) return arguments;
            first = close + 1;
        }
    }

    private static CallArgument Of(ImmutableArray<Token> tokens) =>
        tokens.Length > 2 && tokens[0].IsName && tokens[1].IsSymbol("=>") ? new(tokens[0].Value, tokens[2..]) : new(null, tokens);

    private bool IsColumn(Token token, int index)
    {
        if (token.Kind == TokenKind.Quoted) return true;
        var isCalled = index + 1 < Tokens.Length && Tokens[index + 1].IsSymbol("(");
        var isType = index > 0 && Tokens[index - 1].IsSymbol("::");
        return token.Kind == TokenKind.Word && !isCalled && !isType && !Literals.Contains(token.Value);
    }
}
