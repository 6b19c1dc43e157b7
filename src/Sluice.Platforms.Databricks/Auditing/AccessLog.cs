using System.Runtime.CompilerServices;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Auditing;

/// <summary>
/// Reads who was given the storage credentials of tables from the audit log: the query history tells of SQL warehouses and serverless compute alone, and clusters and
/// other engines read tables by such credentials.
/// </summary>
internal sealed class AccessLog(ISqlEndpoint sql, SystemTables tables)
{
    /// <summary>How late the audit log is, its page does not say (https://docs.databricks.com/aws/en/admin/system-tables/audit-logs): taken as the query history's hour, and read again for long.</summary>
    public static readonly QueryAuditSource Source = new("accessLog", new FeedTiming(TimeSpan.FromHours(1), TimeSpan.FromHours(11), TimeSpan.FromDays(1)));

    /// <summary>What is shown of a window.</summary>
    public async IAsyncEnumerable<IReadOnlyList<QueryEvent>> ReadAsync(string connectionKey, FeedWindow window, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var rows in sql.ReadAsync(window, tables.Accesses, (part, after, limit) => tables.AccessesBehind(part, after is null ? null : after[0] ?? "", limit), cancellationToken))
            yield return [.. rows.Select(r => Event(connectionKey, r)).OfType<QueryEvent>()];
    }

    private static QueryEvent? Event(string connectionKey, string?[] row)
    {
        if (row is not [{ Length: > 0 } id, var user, var action, var time, var table, var operation, var workspace, var status] || SystemTables.Read(time) is not { } at) return null;
        var path = table?.Split('.') is [var catalog, var schema, var name] ? QueryHistory.PathOf(connectionKey, catalog, schema, name) : null;
        var isWritten = operation is not (null or "READ");
        return new QueryEvent
        {
            EventId = id,
            Identity = user ?? "",
            Kind = operation is null ? action ?? "" : $"{action} {operation}",
            Succeeded = status is null or "200",
            StartedAt = at,
            EndedAt = at,
            Workspace = workspace,
            Objects = path is null ? [] : [new QueriedObject(path, [], IsWritten: isWritten)],
        };
    }
}
