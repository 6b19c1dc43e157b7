using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// A scalar subquery that reads a column of the query around it must be sure to answer one row, by an aggregate in its select list
/// (https://docs.snowflake.com/en/user-guide/querying-subqueries); a function whose body is a query counts as one
/// (https://docs.snowflake.com/en/developer-guide/udf/sql/udf-sql-troubleshooting). The engine would evaluate it, Snowflake does not.
/// </summary>
internal static class Subqueries
{
    private static readonly HashSet<string> Aggregates =
        ["COUNT", "COUNT_IF", "SUM", "MIN", "MAX", "AVG", "ANY_VALUE", "ARRAY_AGG", "LISTAGG", "BOOLOR_AGG", "BOOLAND_AGG", "MEDIAN", "MIN_BY", "MAX_BY"];

    private static readonly HashSet<string> Openers = ["EXISTS", "IN", "ANY", "ALL", "SOME", "FROM", "JOIN", "LATERAL", "AS", "UNION", "EXCEPT", "INTERSECT", "MINUS"];

    /// <summary>Refuses such subqueries of a body, whose outer columns are its arguments.</summary>
    public static void Check(string body, IEnumerable<string> arguments)
    {
        var names = arguments.ToHashSet(StringComparer.Ordinal);
        var tokens = Tokenizer.Read(body);
        if (names.Count == 0) return;
        if (tokens[0].Is("SELECT")) Check(tokens, 0, tokens.Length - 1, names);
        for (var i = 1; i < tokens.Length; i++)
        {
            if (!tokens[i].Is("SELECT") || !tokens[i - 1].IsSymbol("(") || (i > 1 && tokens[i - 2].Kind == TokenKind.Word && Openers.Contains(tokens[i - 2].Value))) continue;
            Check(tokens, i, Closing(tokens, i), names);
        }
    }

    private static void Check(ImmutableArray<Token> tokens, int first, int end, HashSet<string> names)
    {
        var isCorrelated = false;
        for (var i = first; i < end; i++) isCorrelated |= tokens[i].IsName && names.Contains(tokens[i].Value) && !tokens[i - 1 < 0 ? 0 : i - 1].IsSymbol(".") && !tokens[i + 1].IsSymbol(".");
        if (isCorrelated && !Aggregated(tokens, first, end)) throw new SnowflakeException("002031", "42601", "SQL compilation error:\nUnsupported subquery type cannot be evaluated");
    }

    private static bool Aggregated(ImmutableArray<Token> tokens, int first, int end)
    {
        var depth = 0;
        for (var i = first; i < end; i++)
        {
            depth += tokens[i].IsSymbol("(") ? 1 : tokens[i].IsSymbol(")") ? -1 : 0;
            if (depth == 0 && tokens[i].Is("FROM")) return false;
            if (tokens[i].Kind == TokenKind.Word && Aggregates.Contains(tokens[i].Value) && tokens[i + 1].IsSymbol("(")) return true;
        }

        // Without a table there is one row in any case.
        return true;
    }

    private static int Closing(ImmutableArray<Token> tokens, int from)
    {
        for (var (i, depth) = (from, 1); i < tokens.Length; i++)
        {
            depth += tokens[i].IsSymbol("(") ? 1 : tokens[i].IsSymbol(")") ? -1 : 0;
            if (depth == 0) return i;
        }

        return tokens.Length - 1;
    }
}
