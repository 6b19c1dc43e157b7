using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>What the words of a query mean to whoever looks for its relations and calls.</summary>
internal static class QueryWords
{
    /// <summary>Begins what comes after the FROM clause, or another query.</summary>
    public static bool EndsFrom(Token token) =>
        token.Is("SELECT") || token.Is("WHERE") || token.Is("GROUP") || token.Is("HAVING") || token.Is("ORDER") || token.Is("LIMIT")
        || token.Is("QUALIFY") || token.Is("WINDOW") || token.Is("UNION") || token.Is("INTERSECT") || token.Is("EXCEPT") || token.Is("MINUS");

    /// <summary>Follows a relation without being its alias.</summary>
    public static bool IsClause(Token token) => token.Kind == TokenKind.Word && (EndsFrom(token) || token.Is("JOIN") || token.Is("ON") || token.Is("USING")
        || token.Is("INNER") || token.Is("LEFT") || token.Is("RIGHT") || token.Is("FULL") || token.Is("CROSS") || token.Is("SEMI") || token.Is("ANTI") || token.Is("NATURAL")
        || token.Is("WHEN") || token.Is("SET") || token.Is("LATERAL") || token.Is("TABLESAMPLE") || token.Is("OFFSET"));

    /// <summary>Begins what the engine alone takes for a query: FROM t, SUMMARIZE t, PIVOT t ON c.</summary>
    public static bool IsEngineQuery(Token token, Token next) => token.Is("FROM") || (next.Kind is TokenKind.Word or TokenKind.Quoted or TokenKind.String
        && (token.Is("DESCRIBE") || token.Is("DESC") || token.Is("SUMMARIZE") || token.Is("SHOW") || token.Is("PIVOT") || token.Is("PIVOT_WIDER") || token.Is("PIVOT_LONGER") || token.Is("UNPIVOT")));

    /// <summary>Functions whose arguments have a FROM that is followed by no relation.</summary>
    public static bool TakesFrom(Token token) => token.Is("EXTRACT") || token.Is("TRIM") || token.Is("SUBSTRING") || token.Is("SUBSTR") || token.Is("OVERLAY");

    /// <summary>May stand before a parenthesis without calling anything.</summary>
    public static bool IsOperator(Token token) => token.Is("IN") || token.Is("AND") || token.Is("OR") || token.Is("NOT") || token.Is("EXISTS") || token.Is("VALUES")
        || token.Is("OVER") || token.Is("ON") || token.Is("USING") || token.Is("WHERE") || token.Is("SELECT") || token.Is("AS") || token.Is("FROM") || token.Is("BY")
        || token.Is("THEN") || token.Is("ELSE") || token.Is("WHEN") || token.Is("UNION") || token.Is("ALL") || token.Is("ANY") || token.Is("FILTER") || token.Is("EXCEPT")
        || token.Is("INTERSECT") || token.Is("HAVING") || token.Is("LIKE") || token.Is("BETWEEN") || token.Is("INSERT") || token.Is("SET") || token.Is("DISTINCT");
}
