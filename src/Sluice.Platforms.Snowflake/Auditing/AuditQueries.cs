using Sluice.Core.QueryAudit;
using Sluice.Platforms.Snowflake.Protocol;

namespace Sluice.Platforms.Snowflake.Auditing;

/// <summary>The reads of the query audit, under the system role.</summary>
internal static class AuditQueries
{
    // QUERY_HISTORY says who ran what and how it ended (https://docs.snowflake.com/en/sql-reference/account-usage/query_history), ACCESS_HISTORY which objects and columns
    // took part and under which policies (https://docs.snowflake.com/en/sql-reference/account-usage/access_history; Enterprise Edition). A tag is anybody's to set: only
    // together with our own user does it mark what Sluice ran. Not every account has every column of the accesses: all are read, those that are there are found by name.
    private const string Select =
        """
        SELECT q.QUERY_ID AS Q_ID, q.USER_NAME AS Q_USER, q.QUERY_TYPE AS Q_TYPE, q.EXECUTION_STATUS AS Q_STATUS, q.START_TIME AS Q_START, q.END_TIME AS Q_END,
        q.QUERY_TEXT AS Q_TEXT, a.*
        FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY q
        LEFT JOIN SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY a ON a.QUERY_ID = q.QUERY_ID
        WHERE q.END_TIME >= TO_TIMESTAMP_LTZ(?) AND q.END_TIME < TO_TIMESTAMP_LTZ(?) AND NOT (COALESCE(q.QUERY_TAG, '') = ? AND q.USER_NAME = CURRENT_USER())
        ORDER BY q.END_TIME, q.QUERY_ID
        """;

    // As the audit goes, by the end of the statement: ACCESS_HISTORY has its beginning alone, and shows it hours after its end. What QUERY_HISTORY has no row of goes by its
    // beginning. The bounds on both sides let Snowflake read as little of a year's rows as there is.
    private const string SelectWritten =
        """
        SELECT COALESCE(q.END_TIME, a.QUERY_START_TIME) AS W_AT, a.DIRECT_OBJECTS_ACCESSED, a.OBJECTS_MODIFIED
        FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY a
        LEFT JOIN SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY q ON q.QUERY_ID = a.QUERY_ID AND q.END_TIME >= TO_TIMESTAMP_LTZ(?)
        WHERE a.QUERY_START_TIME >= TO_TIMESTAMP_LTZ(?) AND a.QUERY_START_TIME < TO_TIMESTAMP_LTZ(?)
        AND COALESCE(q.END_TIME, a.QUERY_START_TIME) >= TO_TIMESTAMP_LTZ(?) AND COALESCE(q.END_TIME, a.QUERY_START_TIME) < TO_TIMESTAMP_LTZ(?)
        AND ARRAY_SIZE(a.OBJECTS_MODIFIED) > 0
        """;

    // No statement runs for more than seven days (STATEMENT_TIMEOUT_IN_SECONDS, https://docs.snowflake.com/en/sql-reference/parameters); a day to wait in a queue.
    private static readonly TimeSpan LongestStatement = TimeSpan.FromDays(8);

    /// <summary>What statements wrote that ended in a window.</summary>
    public static Statement Written(FeedWindow window)
    {
        var (from, to) = (AccountTime.Write(window.From), AccountTime.Write(window.To));
        return new(SelectWritten.ReplaceLineEndings(" ")) { Bindings = [from, AccountTime.Write(window.From - LongestStatement), to, from, to] };
    }

    /// <summary>What ended in a window.</summary>
    public static Statement Queries(FeedWindow window) =>
        new(Select.ReplaceLineEndings(" ")) { Bindings = [AccountTime.Write(window.From), AccountTime.Write(window.To), LoginRequest.QueryTag] };
}
