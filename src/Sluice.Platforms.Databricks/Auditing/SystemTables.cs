using System.Globalization;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Auditing;

/// <summary>The reads of the system tables of query audit and lineage.</summary>
/// <param name="workspaces">The workspaces to read of; null: all that the metastore's region shows.</param>
internal sealed class SystemTables(IReadOnlyList<string>? workspaces)
{
    /// <summary>
    /// id, user, type, status, start, end, text, workspace, the statement whose cached result it was given; of statements on SQL warehouses and serverless compute that
    /// ended in a window (https://docs.databricks.com/aws/en/admin/system-tables/query-history). What this principal ran itself is left out.
    /// </summary>
    public string Queries(FeedWindow window, int limit) => $"{QueriesOf(window)} ORDER BY end_time, statement_id LIMIT {limit}";

    /// <summary>The same in the order of their ids, behind one.</summary>
    public string QueriesBehind(FeedWindow window, string? id, int limit) => $"{QueriesOf(window)}{Behind("statement_id", id)} ORDER BY statement_id LIMIT {limit}";

    /// <summary>
    /// statement, source catalog, schema, table, column, then the target's, each once; of statements on SQL warehouses
    /// (https://docs.databricks.com/aws/en/admin/system-tables/lineage: statement_id joins the query history).
    /// </summary>
    /// <param name="statements">Their ids.</param>
    /// <param name="since">None of their lineage is older.</param>
    /// <param name="isOfColumns">Whether columns are told; else tables, of which no column may be known.</param>
    /// <param name="after">The row behind which to begin; null: the first.</param>
    /// <param name="limit">How many rows.</param>
    public static string LineageOf(IEnumerable<string> statements, DateTimeOffset since, bool isOfColumns, string?[]? after, int limit)
    {
        var (table, source, target) = Lineage(isOfColumns);
        var rows = $"SELECT statement_id, source_table_catalog, source_table_schema, source_table_name, {source}, target_table_catalog, target_table_schema, target_table_name, {target}"
            + $" FROM system.access.{table} WHERE event_date >= {Day(since)} AND statement_id IN ({Listed(statements)})";
        return $"SELECT {Names} FROM ({rows}) AS lineage({Names}){Where(Key(Named), after)} GROUP BY {Names} ORDER BY {Order(Named)} LIMIT {limit}";
    }

    /// <summary>
    /// id, user, action, time, table, operation, workspace, status code; of whoever got the storage credentials of a table, as clusters and engines outside do that read it
    /// (https://docs.databricks.com/aws/en/admin/system-tables/audit-logs, https://docs.databricks.com/aws/en/admin/account-settings/audit-logs).
    /// </summary>
    public string Accesses(FeedWindow window, int limit) => $"{AccessesOf(window)} ORDER BY event_time, event_id LIMIT {limit}";

    /// <summary>The same in the order of their ids, behind one.</summary>
    public string AccessesBehind(FeedWindow window, string? id, int limit) => $"{AccessesOf(window)}{Behind("event_id", id)} ORDER BY event_id LIMIT {limit}";

    /// <summary>
    /// time, source catalog, schema, table, column, then the target's; of what was read and written in a window, in whichever workspace: what was copied in another is a copy too
    /// (https://docs.databricks.com/aws/en/data-governance/unity-catalog/data-lineage: lineage is of all workspaces of a metastore).
    /// </summary>
    public static string Edges(FeedWindow window, bool isOfColumns, int limit)
    {
        var (table, source, target) = Lineage(isOfColumns);
        return $"SELECT event_time, source_table_catalog, source_table_schema, source_table_name, {source}, target_table_catalog, target_table_schema, target_table_name, {target}"
            + $" FROM system.access.{table} WHERE event_date >= {Day(window.From)} AND event_time >= {Moment(window.From)} AND event_time < {Moment(window.To)}"
            + $" AND source_table_name IS NOT NULL AND target_table_name IS NOT NULL LIMIT {limit}";
    }

    /// <summary>Those of a short window, each once with when it was last seen there, in their own order behind one.</summary>
    public static string EdgesBehind(FeedWindow window, bool isOfColumns, string?[]? after, int limit)
    {
        var edge = string.Join(", ", Named.Skip(1));
        return $"SELECT max({Named[0]}), {edge} FROM ({Edges(window, isOfColumns, int.MaxValue)}) AS lineage({Names}){Where(Key(Named.Skip(1)), after?[1..])}"
            + $" GROUP BY {edge} ORDER BY {Order(Named.Skip(1))} LIMIT {limit}";
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

    // A row of lineage in a page: of what, or when, then its two ends.
    private static readonly string[] Named = ["row_of", "c1", "s1", "t1", "n1", "c2", "s2", "t2", "n2"];

    private static string Names => string.Join(", ", Named);

    private string QueriesOf(FeedWindow window) =>
        "SELECT statement_id, executed_by, statement_type, execution_status, start_time, end_time, statement_text, CAST(workspace_id AS STRING), cache_origin_statement_id FROM system.query.history"
        + $" WHERE end_time >= {Moment(window.From)} AND end_time < {Moment(window.To)} AND COALESCE(executed_by, '') <> session_user(){OfWorkspaces}";

    private string AccessesOf(FeedWindow window) =>
        "SELECT event_id, user_identity.email, action_name, event_time, COALESCE(request_params['table_full_name'], request_params['full_name_arg']), request_params['operation'],"
        + $" {WorkspaceOfEvent}, response.status_code FROM system.access.audit"
        + $" WHERE event_date >= {Day(window.From)} AND event_time >= {Moment(window.From)} AND event_time < {Moment(window.To)}"
        + " AND service_name = 'unityCatalog' AND action_name = 'generateTemporaryTableCredential'"
        + $" AND COALESCE(user_identity.email, '') <> session_user(){OfWorkspacesOrNone(WorkspaceOfEvent)}";

    private static (string Table, string Source, string Target) Lineage(bool isOfColumns) =>
        isOfColumns ? ("column_lineage", "source_column_name", "target_column_name") : ("table_lineage", "CAST(NULL AS STRING)", "CAST(NULL AS STRING)");

    private static string Behind(string column, string? id) => id is null ? "" : $" AND {column} > {Quote.Literal(id)}";

    // NULL has no place in an order of keys, and no name is empty.
    private static IEnumerable<string> Key(IEnumerable<string> names) => names.Select(static n => $"COALESCE({n}, '')");

    private static string Order(IEnumerable<string> names) => string.Join(", ", Key(names));

    private static string Where(IEnumerable<string> key, string?[]? after) =>
        after is null ? "" : $" WHERE {KeysetReading.Behind([.. key.Zip(after, static (column, value) => (column, Quote.Literal(value ?? "")))])}";

    private static string Listed(IEnumerable<string> texts) => string.Join(", ", texts.Select(Quote.Literal));

    private static string Moment(DateTimeOffset moment) => $"TIMESTAMP '{moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00:00'";

    // A day before: a lineage event is dated when it was written down.
    private static string Day(DateTimeOffset moment) => $"DATE '{moment.UtcDateTime.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'";
}
