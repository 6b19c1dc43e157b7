using System.Runtime.CompilerServices;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Auditing;

/// <summary>
/// Reads a window by statements of bounded length: one that holds more rows than an endpoint shows is read in halves, and a millisecond of which that is true, as one
/// statement of many columns leaves it, row behind row.
/// </summary>
internal static class WindowReading
{
    private static readonly TimeSpan Smallest = TimeSpan.FromMilliseconds(1);

    /// <summary>The rows of a window, as many together as were read of a part of it.</summary>
    /// <param name="sql">The endpoint.</param>
    /// <param name="window">The window.</param>
    /// <param name="statement">The statement of a window, for so many rows.</param>
    /// <param name="behind">The statement of a window in an order of keys, behind a row (null: from the first), for so many rows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<List<string?[]>> ReadAsync(
        this ISqlEndpoint sql, FeedWindow window, Func<FeedWindow, int, string> statement, Func<FeedWindow, string?[]?, int, string> behind,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = new Stack<FeedWindow>([window]);
        while (parts.TryPop(out var part))
        {
            var (rows, isCut) = await sql.ReadAsync(statement(part, sql.MostRows), cancellationToken);
            if (!isCut && rows.Count < sql.MostRows)
            {
                yield return rows;
                continue;
            }

            if (part.To - part.From <= Smallest)
            {
                yield return await sql.ReadAllAsync((after, limit) => behind(part, after, limit), cancellationToken);
                continue;
            }

            var middle = part.From + ((part.To - part.From) / 2);
            parts.Push(part with { From = middle });
            parts.Push(part with { To = middle });
        }
    }
}
