using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Wire;
using static Sluice.Sandbox.Databricks.SystemTables.EngineValues;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>system.query.history, from https://docs.databricks.com/aws/en/admin/system-tables/query-history: the statements of warehouses, not of clusters.</summary>
internal static class HistoryRows
{
    public static void Add(SandboxRuntime runtime, StatementEnd end)
    {
        if (!runtime.SystemLog.IsRecording) return;
        var options = runtime.Options;
        var user = Text(PrincipalDirectory.ScimId(end.Caller));
        var took = Number(Math.Max(0, (long)(end.Ended - end.Started).TotalMilliseconds));
        Dictionary<string, string> row = new(StringComparer.Ordinal)
        {
            ["account_id"] = Text(options.AccountId),
            ["workspace_id"] = Text(end.OtherWorkspace ?? options.WorkspaceId),
            ["statement_id"] = Text(end.StatementId),
            ["execution_status"] = Text(end.Status),
            ["compute"] = Structure(("type", Text("WAREHOUSE")), ("cluster_id", "NULL"), ("warehouse_id", Text(options.WarehouseId))),
            ["executed_by_user_id"] = user,
            ["executed_by"] = Text(end.Caller),
            ["executed_as_user_id"] = user,
            ["executed_as"] = Text(end.Caller),
            ["statement_text"] = Text(end.Text),
            ["statement_type"] = Text(TypeOf(end.Text)),
            ["error_message"] = Text(end.Error),
            ["client_application"] = Text("Databricks SQL API"),
            ["total_duration_ms"] = took,
            ["execution_duration_ms"] = took,
            ["start_time"] = Time(end.Started),
            ["end_time"] = Time(end.Ended),
            ["update_time"] = Time(end.Ended),
            ["produced_rows"] = end.Rows is { } rows ? Number(rows) : "NULL",
            ["from_result_cache"] = Flag(end.CacheOrigin is not null),
            ["cache_origin_statement_id"] = Text(end.CacheOrigin),
        };
        runtime.SystemLog.Add("query", "history", row);
    }

    private static string? TypeOf(string text)
    {
        var words = text.TrimStart().Split([' ', '\n', '\t', '\r', '(', ';'], 2, StringSplitOptions.RemoveEmptyEntries);
        var first = words.Length == 0 ? "" : words[0].ToUpperInvariant();
        return first switch { "WITH" or "VALUES" or "TABLE" => "SELECT", "DESC" => "DESCRIBE", "" => null, _ => first };
    }
}

/// <summary>How a warehouse's statement ended.</summary>
internal sealed record StatementEnd(string StatementId, string Caller, string Text, string Status, DateTimeOffset Started, DateTimeOffset Ended)
{
    /// <summary>Which of the options' other workspaces it ran in; null is the sandbox's own.</summary>
    public string? OtherWorkspace { get; init; }

    public string? Error { get; init; }

    public long? Rows { get; init; }

    /// <summary>The statement whose result was given again; null where it ran.</summary>
    public string? CacheOrigin { get; init; }
}
