using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <summary>
/// Where a block of Snowflake Scripting begins and ends in a text, so that it is one statement with all of its semicolons
/// (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks).
/// </summary>
internal static class Blocks
{
    private static readonly HashSet<string> Control = ["IF", "FOR", "WHILE", "LOOP", "REPEAT", "CASE"];
    private static readonly HashSet<string> BeforeStatements = ["DECLARE", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT"];

    /// <param name="tokens">A text.</param>
    /// <param name="at">Where a statement begins in it.</param>
    /// <param name="inScript">True where statements of the language itself may stand: in EXECUTE IMMEDIATE.</param>
    public static bool Begins(ImmutableArray<Token> tokens, int at, bool inScript = false)
    {
        var token = tokens[at];
        return token.Is("DECLARE") || IsBlock(tokens, at) || (inScript && token.Kind == TokenKind.Word && Control.Contains(token.Value));
    }

    /// <summary>The first token after the block, which is a semicolon if all is well.</summary>
    public static int End(ImmutableArray<Token> tokens, int at)
    {
        var (depth, begun, isStart) = (0, false, true);
        for (var i = at; i < tokens.Length - 1; i++)
        {
            var token = tokens[i];
            if (token.Is("END"))
            {
                depth--;
                if (tokens[i + 1].Kind == TokenKind.Word && Control.Contains(tokens[i + 1].Value)) i++;
                if (depth == 0 && begun) return tokens[i + 1].IsName ? i + 2 : i + 1;
                isStart = false;
                continue;
            }

            var opens = isStart && (IsBlock(tokens, i) || (token.Kind == TokenKind.Word && Control.Contains(token.Value)));
            begun |= opens;
            if (opens || token.Is("CASE")) depth++;
            isStart = token.IsSymbol(";") || (token.Kind == TokenKind.Word && BeforeStatements.Contains(token.Value));
        }

        return tokens.Length - 1;
    }

    /// <summary>BEGIN of a block, which is not that of a transaction: no semicolon follows it at once.</summary>
    private static bool IsBlock(ImmutableArray<Token> tokens, int at)
    {
        if (!tokens[at].Is("BEGIN")) return false;
        var next = tokens[Math.Min(at + 1, tokens.Length - 1)];
        if (next.Is("NAME")) return tokens[Math.Min(at + 2, tokens.Length - 1)].IsSymbol(":");
        return next.Kind != TokenKind.End && !next.IsSymbol(";") && !next.Is("TRANSACTION") && !next.Is("WORK");
    }
}
