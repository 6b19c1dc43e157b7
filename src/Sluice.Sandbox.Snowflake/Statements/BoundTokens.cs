using System.Collections.Immutable;
using System.Globalization;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Tokens with constants in the place of session variables and of binds that are plain constants.</summary>
internal static class BoundTokens
{
    /// <param name="tokens">The text's tokens.</param>
    /// <param name="variables">Session variables, as SQL constants.</param>
    /// <param name="binds">The values for ? and :1, as SQL constants.</param>
    /// <param name="isQuery">False where binds stand in IDENTIFIER(...), in SHOW ... LIKE and as comments alone.</param>
    /// <exception cref="SnowflakeException">A variable is not set.</exception>
    public static ImmutableArray<Token> Read(ImmutableArray<Token> tokens, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> binds, bool isQuery)
    {
        var bound = tokens.ToBuilder();
        var next = 0;
        for (var i = 0; i < bound.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind == TokenKind.Variable)
            {
                bound[i] = Constant(token, variables.GetValueOrDefault(token.Value) ?? throw new SnowflakeException(
                    "002211", "02000", $"SQL compilation error: error line 1 at position {token.Start}\nSession variable '${token.Value}' does not exist"));
            }
            else if (token.Kind == TokenKind.Bind)
            {
                var index = token.Value.Length > 0 ? int.Parse(token.Value, CultureInfo.InvariantCulture) : ++next;
                bound[i] = (isQuery || StandsForText(tokens, i)) && index > 0 && index <= binds.Count
                    ? Constant(token with { Value = index.ToString(CultureInfo.InvariantCulture) }, binds[index - 1])
                    : token with { Value = index.ToString(CultureInfo.InvariantCulture) };
            }
        }

        return bound.ToImmutable();
    }

    /// <summary>Not everywhere in DDL and SHOW: https://docs.snowflake.com/en/sql-reference/bind-variables.</summary>
    private static bool StandsForText(ImmutableArray<Token> tokens, int at) => at >= 2
        && ((tokens[at - 1].IsSymbol("(") && tokens[at - 2].Is("IDENTIFIER")) || (tokens[at - 1].IsSymbol("=") && tokens[at - 2].Is("COMMENT")) || (tokens[at - 1].Is("LIKE") && tokens[0].Is("SHOW")));

    /// <summary>What is no plain constant, such as CAST(0.5 AS DOUBLE), stays what it was.</summary>
    private static Token Constant(Token token, string literal) => literal switch
    {
        ['\'', .. var text, '\''] => token with { Kind = TokenKind.Text, Value = text.Replace("''", "'", StringComparison.Ordinal) },
        "TRUE" or "FALSE" or "NULL" => token with { Kind = TokenKind.Word, Value = literal },
        [>= '0' and <= '9', ..] => token with { Kind = TokenKind.Number, Value = literal },
        _ when token.Kind == TokenKind.Variable => token with { Kind = TokenKind.Number, Value = $"({literal})" },
        _ => token,
    };
}
