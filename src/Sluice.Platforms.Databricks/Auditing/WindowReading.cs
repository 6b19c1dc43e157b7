using System.Runtime.CompilerServices;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Auditing;

/// <summary>Reads a window by statements of bounded length: one that holds more rows than an endpoint shows is read in halves.</summary>
internal static class WindowReading
{
    private static readonly TimeSpan Smallest = TimeSpan.FromMilliseconds(1);

    /// <summary>The rows of a window, as many together as one statement showed.</summary>
    /// <param name="sql">The endpoint.</param>
    /// <param name="window">The window.</param>
    /// <param name="statement">The statement of a window, for so many rows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="PlatformException">A millisecond holds more rows than the endpoint shows.</exception>
    public static async IAsyncEnumerable<List<string?[]>> ReadAsync(
        this ISqlEndpoint sql, FeedWindow window, Func<FeedWindow, int, string> statement, [EnumeratorCancellation] CancellationToken cancellationToken)
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
                throw new PlatformException(PlatformFailure.Refused, $"Databricks' system tables hold {rows.Count} rows or more of one millisecond ({part.From:O}), which is more than can be read at once.");
            var middle = part.From + ((part.To - part.From) / 2);
            parts.Push(part with { From = middle });
            parts.Push(part with { To = middle });
        }
    }
}
