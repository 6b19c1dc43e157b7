namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>Parentheses and commas in SQL of the engine, beside quoted text.</summary>
internal static class Nesting
{
    /// <summary>Where the parenthesis closes that opens at <paramref name="open"/>.</summary>
    public static int Close(string sql, int open)
    {
        foreach (var (at, depth) in Depths(sql, open, 0))
        {
            if (depth == 0) return at;
        }

        throw new InvalidOperationException($"A parenthesis is never closed in: {sql[open..]}");
    }

    /// <summary>The parts between the commas.</summary>
    /// <param name="list">The list.</param>
    /// <param name="depth">How many parentheses opened before it; a comma separates outside of all of them.</param>
    public static List<string> Split(string list, int depth)
    {
        List<string> parts = [];
        var first = 0;
        foreach (var (at, inside) in Depths(list, 0, depth))
        {
            if (inside != 0 || list[at] != ',') continue;
            parts.Add(list[first..at]);
            first = at + 1;
        }

        parts.Add(list[first..]);
        return parts;
    }

    private static IEnumerable<(int At, int Depth)> Depths(string sql, int first, int depth)
    {
        var quote = '\0';
        for (var at = first; at < sql.Length; at++)
        {
            var c = sql[at];
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                continue;
            }

            if (c is '\'' or '"') quote = c;
            else depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
            if (quote == '\0') yield return (at, depth);
        }
    }
}
