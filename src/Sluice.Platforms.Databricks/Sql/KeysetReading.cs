namespace Sluice.Platforms.Databricks.Sql;

/// <summary>Reads a result of any length by statements of bounded length.</summary>
internal static class KeysetReading
{
    /// <summary>Runs one statement and takes its rows.</summary>
    /// <returns>The rows, and whether the endpoint showed fewer than there are.</returns>
    public static async Task<(List<string?[]> Rows, bool IsCut)> ReadAsync(this ISqlEndpoint sql, string statement, CancellationToken cancellationToken)
    {
        var rows = new List<string?[]>();
        var isCut = false;
        await foreach (var chunk in sql.QueryAsync(statement, cancellationToken))
        {
            rows.AddRange(chunk.Rows);
            isCut |= chunk.IsCut;
        }

        return (rows, isCut);
    }

    /// <summary>Runs statement after statement, each going on behind the last row of the one before.</summary>
    /// <param name="sql">The endpoint.</param>
    /// <param name="statement">The statement behind a row (null: from the first), for so many rows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<List<string?[]>> ReadAllAsync(
        this ISqlEndpoint sql, Func<string?[]?, int, string> statement, CancellationToken cancellationToken)
    {
        var all = new List<string?[]>();
        string?[]? last = null;
        while (true)
        {
            var (rows, isCut) = await sql.ReadAsync(statement(last, sql.MostRows), cancellationToken);
            if (rows.Count == 0) return isCut ? throw NoProgress() : all;
            if (last is not null && rows[^1].AsSpan().SequenceEqual(last)) throw NoProgress();
            all.AddRange(rows);
            last = rows[^1];
            if (!isCut && rows.Count < sql.MostRows) return all;
        }
    }

    /// <summary>The condition that a row stands behind a key of several columns: (a > x OR (a = x AND (b > y OR …))).</summary>
    /// <param name="key">The columns with the literals of the key.</param>
    public static string Behind(params ReadOnlySpan<(string Column, string Literal)> key)
    {
        var (column, literal) = key[0];
        return key.Length == 1 ? $"{column} > {literal}" : $"({column} > {literal} OR ({column} = {literal} AND {Behind(key[1..])}))";
    }

    private static PlatformException NoProgress() =>
        new(PlatformFailure.Refused, "Databricks answered a page of its system tables with rows that were read already; it was not read to its end.");
}
