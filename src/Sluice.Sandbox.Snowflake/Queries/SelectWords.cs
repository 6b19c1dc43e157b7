namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>Words that the rewriter tells apart.</summary>
internal static class SelectWords
{
    public static IReadOnlySet<string> ClauseEnds { get; } = new HashSet<string>(
        ["WHERE", "GROUP", "ORDER", "HAVING", "QUALIFY", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "MINUS", "WINDOW", "SELECT", "OFFSET", "FETCH", "RETURNING", "SET", "WHEN", "VALUES"]);

    /// <summary>What can't be the alias of the table it stands behind.</summary>
    public static IReadOnlySet<string> NoAlias { get; } = new HashSet<string>(
        [.. ClauseEnds, "ON", "USING", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "LATERAL", "ASOF"]);

    /// <summary>What is no name without quotes (https://docs.snowflake.com/en/sql-reference/reserved-keywords), and END, which ends a CASE.</summary>
    public static IReadOnlySet<string> Reserved { get; } = new HashSet<string>(
        [
            "ALL", "ALTER", "AND", "ANY", "AS", "BETWEEN", "BY", "CASE", "CAST", "CHECK", "COLUMN", "CONNECT", "CONSTRAINT", "CREATE", "CROSS", "CURRENT", "CURRENT_DATE", "CURRENT_TIME",
            "CURRENT_TIMESTAMP", "CURRENT_USER", "DELETE", "DISTINCT", "DROP", "ELSE", "END", "EXISTS", "FALSE", "FOLLOWING", "FOR", "FROM", "FULL", "GRANT", "GROUP", "HAVING", "ILIKE", "IN",
            "INCREMENT", "INNER", "INSERT", "INTERSECT", "INTO", "IS", "JOIN", "LATERAL", "LEFT", "LIKE", "LOCALTIME", "LOCALTIMESTAMP", "MINUS", "NATURAL", "NOT", "NULL", "OF", "ON", "OR", "ORDER",
            "QUALIFY", "REGEXP", "REVOKE", "RIGHT", "RLIKE", "ROW", "ROWS", "SAMPLE", "SELECT", "SET", "SOME", "START", "TABLE", "TABLESAMPLE", "THEN", "TO", "TRIGGER", "TRUE", "TRY_CAST",
            "UNION", "UNIQUE", "UPDATE", "USING", "VALUES", "WHEN", "WHENEVER", "WHERE", "WITH",
        ]);

    /// <summary>Words before a parenthesis that are no functions.</summary>
    public static IReadOnlySet<string> NotCalled { get; } = new HashSet<string>(
        [
            .. ClauseEnds, "AND", "OR", "NOT", "IN", "ON", "USING", "JOIN", "FROM", "THEN", "ELSE", "CASE", "LIKE", "ILIKE", "RLIKE", "REGEXP", "BETWEEN", "BY", "AS", "EXISTS", "DISTINCT", "OVER",
            "ALL", "ANY", "SOME", "ESCAPE", "IS", "INTO", "MATCHED", "INSERT", "WITH", "RECURSIVE", "TABLE", "LATERAL", "TO", "INNER", "OUTER", "CROSS", "FULL", "NATURAL", "END", "NULL", "SETS", "ROLLUP", "CUBE",
        ]);
}
