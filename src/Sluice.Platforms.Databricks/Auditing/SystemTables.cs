using System.Globalization;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Auditing;

/// <summary>The reads of the system tables of query audit and lineage.</summary>
/// <param name="workspaces">The workspaces to read of; null: all that the metastore's region shows.</param>
internal sealed class SystemTables(IReadOnlyList<string>? workspaces)
{
    /// <summary>
    /// id, user, type, status, start, end, text, workspace; of statements on SQL warehouses and serverless compute that ended in a window
    /// (https://docs.databricks.com/aws/en/admin/system-tables/query-history). What this principal ran itself is left out.
    /// </summary>
    public string Queries(FeedWindow window, int limit) =>
        "SELECT statement_id, executed_by, statement_type, execution_status, start_time, end_time, statement_text, CAST(workspace_id AS STRING) FROM system.query.history"
        + $" WHERE end_time >= {Moment(window.From)} AND end_time < {Moment(window.To)} AND COALESCE(executed_by, '') <> session_user(){OfWorkspaces}"
        + $" ORDER BY end_time, statement_id LIMIT {limit}";

    /// <summary>
    /// statement, source catalog, schema, table, column, then the target's; of statements on SQL warehouses
    /// (https://docs.databricks.com/aws/en/admin/system-tables/lineage: statement_id joins the query history).
    /// </summary>
    public static string ColumnsOf(IEnumerable<string> statements, DateTimeOffset since) =>
        "SELECT statement_id, source_table_catalog, source_table_schema, source_table_name, source_column_name,"
        + " target_table_catalog, target_table_schema, target_table_name, target_column_name FROM system.access.column_lineage"
        + $" WHERE event_date >= {Day(since)} AND statement_id IN ({Listed(statements)})";

    /// <summary>The same without columns: of tables of which no column is told.</summary>
    public static string TablesOf(IEnumerable<string> statements, DateTimeOffset since) =>
        "SELECT statement_id, source_table_catalog, source_table_schema, source_table_name, NULL,"
        + " target_table_catalog, target_table_schema, target_table_name, NULL FROM system.access.table_lineage"
        + $" WHERE event_date >= {Day(since)} AND statement_id IN ({Listed(statements)})";

    /// <summary>
    /// id, user, action, time, table, operation, workspace, status code; of whoever got the storage credentials of a table, as clusters and engines outside do that read it
    /// (https://docs.databricks.com/aws/en/admin/system-tables/audit-logs, https://docs.databricks.com/aws/en/admin/account-settings/audit-logs).
    /// </summary>
    public string Accesses(FeedWindow window, int limit) =>
        "SELECT event_id, user_identity.email, action_name, event_time, COALESCE(request_params['table_full_name'], request_params['full_name_arg']), request_params['operation'],"
        + $" {WorkspaceOfEvent}, response.status_code FROM system.access.audit"
        + $" WHERE event_date >= {Day(window.From)} AND event_time >= {Moment(window.From)} AND event_time < {Moment(window.To)}"
        + " AND service_name = 'unityCatalog' AND action_name = 'generateTemporaryTableCredential'"
        + $" AND COALESCE(user_identity.email, '') <> session_user(){OfWorkspacesOrNone(WorkspaceOfEvent)} ORDER BY event_time, event_id LIMIT {limit}";

    /// <summary>time, source catalog, schema, table, column, then the target's; of what was read and written in a window.</summary>
    public string Edges(FeedWindow window, bool isOfColumns, int limit)
    {
        var (table, source, target) = isOfColumns ? ("column_lineage", "source_column_name", "target_column_name") : ("table_lineage", "NULL", "NULL");
        return $"SELECT event_time, source_table_catalog, source_table_schema, source_table_name, {source}, target_table_catalog, target_table_schema, target_table_name, {target}"
            + $" FROM system.access.{table} WHERE event_date >= {Day(window.From)} AND event_time >= {Moment(window.From)} AND event_time < {Moment(window.To)}"
            + $" AND source_table_name IS NOT NULL AND target_table_name IS NOT NULL{OfWorkspaces} LIMIT {limit}";
    }

    /// <summary>A moment of a result; null of NULL.</summary>
    /// <exception cref="PlatformException">It is none.</exception>
    public static DateTimeOffset? Read(string? cell)
    {
        if (string.IsNullOrEmpty(cell)) return null;
        return DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : throw new PlatformException(PlatformFailure.Refused, "A time in Databricks' system tables is none.");
    }

    // Unity Catalog's events are of the account, whose workspace is 0; the one they were asked in is a parameter
    // (https://docs.databricks.com/aws/en/admin/system-tables/audit-logs, https://docs.databricks.com/aws/en/data-governance/unity-catalog/audit).
    private const string WorkspaceOfEvent = "CASE WHEN CAST(workspace_id AS STRING) = '0' THEN request_params['workspace_id'] ELSE CAST(workspace_id AS STRING) END";

    // An event that names no workspace can't be told to be of another.
    private string OfWorkspacesOrNone(string workspace) => workspaces is { Count: > 0 } ? $" AND COALESCE({workspace}, '') IN ('', {Listed(workspaces)})" : "";

    private string OfWorkspaces => workspaces is { Count: > 0 } ? $" AND CAST(workspace_id AS STRING) IN ({Listed(workspaces)})" : "";

    private static string Listed(IEnumerable<string> texts) => string.Join(", ", texts.Select(Quote.Literal));

    private static string Moment(DateTimeOffset moment) => $"TIMESTAMP '{moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00:00'";

    // A day before: a lineage event is dated when it was written down.
    private static string Day(DateTimeOffset moment) => $"DATE '{moment.UtcDateTime.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'";
}
