using System.Runtime.CompilerServices;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Setup;

namespace Sluice.Platforms.Snowflake.Auditing;

/// <summary>Reads who queried what from the account's own views.</summary>
internal sealed class QueryHistory(StatementClient statements)
{
    /// <summary>
    /// QUERY_HISTORY shows a statement up to 45 minutes after its end and ACCESS_HISTORY its objects up to three hours after
    /// (https://docs.snowflake.com/en/sql-reference/account-usage, "Account Usage views").
    /// </summary>
    public static readonly QueryAuditSource Source = new("queryHistory", new FeedTiming(TimeSpan.FromHours(3), TimeSpan.FromHours(3), TimeSpan.FromDays(1)));

    /// <summary>What the account shows of a window.</summary>
    public async IAsyncEnumerable<IReadOnlyList<QueryEvent>> ReadAsync(string connectionKey, FeedWindow window, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var result = await RunAsync(window, cancellationToken);
        var columns = new AuditColumns(result);
        await foreach (var events in result.ReadAsync(row => Event(connectionKey, columns, row), cancellationToken)) yield return [.. events.OfType<QueryEvent>()];
    }

    private async Task<ResultSet> RunAsync(FeedWindow window, CancellationToken cancellationToken)
    {
        try
        {
            return await statements.RunAsync(AuditQueries.Queries(window), cancellationToken);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound)
        {
            throw new PlatformException(
                e.Failure,
                $"The query audit can't be read: role {statements.Role} may not read the account's views. {e.Message} Remedy, as ACCOUNTADMIN: "
                + $"GRANT DATABASE ROLE {SystemPrivileges.ViewsRole} TO ROLE {statements.Role.Quoted}",
                e) { Code = e.Code };
        }
    }

    // A statement of whose objects nothing was shown yet comes again with them.
    private static QueryEvent? Event(string connectionKey, AuditColumns columns, string?[] row)
    {
        if (row[columns.Id] is not { Length: > 0 } id || AccountTime.Read(row[columns.End]) is not { } ended) return null;
        return new QueryEvent
        {
            EventId = id,
            Identity = row[columns.User] ?? "",
            Kind = row[columns.Type] ?? "",
            Succeeded = string.Equals(row[columns.Status], "SUCCESS", StringComparison.OrdinalIgnoreCase),
            StartedAt = AccountTime.Read(row[columns.Start]) ?? ended,
            EndedAt = ended,
            StatementHash = StatementHash.Of(row[columns.Text]),
            Text = row[columns.Text],
            IsComplete = row[columns.Access] is not null,
            Objects = AccessedObjects.Read(connectionKey, Cell(columns.Direct), Cell(columns.Below), Cell(columns.Modified)),
            PlatformPolicies = AccessedObjects.Policies(Cell(columns.Policies)),
        };

        string? Cell(int? column) => column is { } at ? row[at] : null;
    }

    private sealed class AuditColumns(ResultSet result)
    {
        public int Id { get; } = result.Column("Q_ID");

        public int User { get; } = result.Column("Q_USER");

        public int Type { get; } = result.Column("Q_TYPE");

        public int Status { get; } = result.Column("Q_STATUS");

        public int Start { get; } = result.Column("Q_START");

        public int End { get; } = result.Column("Q_END");

        public int Text { get; } = result.Column("Q_TEXT");

        /// <summary>The id of the statement's accesses.</summary>
        public int Access { get; } = result.Column("QUERY_ID");

        public int? Direct { get; } = result.FindColumn("DIRECT_OBJECTS_ACCESSED");

        public int? Below { get; } = result.FindColumn("BASE_OBJECTS_ACCESSED");

        public int? Modified { get; } = result.FindColumn("OBJECTS_MODIFIED");

        public int? Policies { get; } = result.FindColumn("POLICIES_REFERENCED");
    }
}
