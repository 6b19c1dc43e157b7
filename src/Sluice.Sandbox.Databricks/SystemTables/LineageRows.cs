using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Wire;
using static Sluice.Sandbox.Databricks.SystemTables.EngineValues;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>
/// system.access.table_lineage and column_lineage, from https://docs.databricks.com/aws/en/admin/system-tables/lineage: a row for each read and
/// write of a table, and for each column read, whether or not it was written anywhere: one for each column it went into.
/// </summary>
internal static class LineageRows
{
    public static void Add(SandboxRuntime runtime, Session session, Activity activity)
    {
        if (!runtime.SystemLog.IsRecording) return;
        var flow = StatementFlow.Of(activity, new(runtime.State, session, activity));
        var (now, event_) = (runtime.SystemLog.Now, RandomId.New().ToString());
        Dictionary<string, string> Row(ActivityTable? source)
        {
            Dictionary<string, string> row = new(StringComparer.Ordinal)
            {
                ["account_id"] = Text(runtime.Options.AccountId),
                ["metastore_id"] = Text(runtime.Options.MetastoreId),
                ["workspace_id"] = Text(session.Caller.OtherWorkspace ?? runtime.Options.WorkspaceId),
                ["created_by"] = Text(session.Caller.Name),
                ["event_time"] = Time(now),
                ["event_date"] = Date(now),
                ["record_id"] = Text(RandomId.New().ToString()),
                ["event_id"] = Text(event_),
                ["statement_id"] = Text(activity.StatementId),
                ["entity_metadata"] = Structure(("job_info", "NULL"), ("sql_query_id", "NULL")),
            };
            End(row, "source", source);
            End(row, "target", activity.Written);
            return row;
        }

        foreach (var source in activity.Read)
        {
            runtime.SystemLog.Add("access", "table_lineage", Row(source));
            foreach (var column in source.Columns.Where(column => flow is null || flow.Read.Contains(new(source.FullName, column))))
            {
                foreach (var into in flow?.Written[new(source.FullName, column)].DefaultIfEmpty<string?>(null) ?? [null])
                {
                    var row = Row(source);
                    row["source_column_name"] = Text(column);
                    row["target_column_name"] = Text(into);
                    runtime.SystemLog.Add("access", "column_lineage", row);
                }
            }
        }

        if (activity.Written is not null && !activity.Read.Any()) runtime.SystemLog.Add("access", "table_lineage", Row(null));
    }

    private static void End(Dictionary<string, string> row, string end, ActivityTable? table)
    {
        if (table is null) return;
        var parts = table.FullName.Split('.', 3);
        row[$"{end}_table_full_name"] = Text(table.FullName);
        row[$"{end}_table_catalog"] = Text(parts[0]);
        row[$"{end}_table_schema"] = Text(parts[1]);
        row[$"{end}_table_name"] = Text(parts[2]);
        row[$"{end}_type"] = Text(table.Table.Type switch
        {
            TableType.View => "VIEW",
            TableType.MaterializedView => "MATERIALIZED_VIEW",
            TableType.MetricView => "METRIC_VIEW",
            TableType.StreamingTable => "STREAMING_TABLE",
            _ => "TABLE",
        });
    }
}
