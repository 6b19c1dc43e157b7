using System.Globalization;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.History;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Metadata;

/// <summary>
/// QUERY_HISTORY and ACCESS_HISTORY: what ran, each row after a lag of its own
/// (https://docs.snowflake.com/en/sql-reference/account-usage/query_history, https://docs.snowflake.com/en/sql-reference/account-usage/access_history).
/// </summary>
internal static class HistoryRelations
{
    public static Relation<QueryRun> Queries() => new Relation<QueryRun>("QUERY_HISTORY", scope => Shown(scope, "query"))
        .Text("QUERY_ID", run => run.Id).Text("QUERY_TEXT", run => run.Sql).Number("DATABASE_ID", _ => null).Text("DATABASE_NAME", run => run.DatabaseName).Number("SCHEMA_ID", _ => null)
        .Text("SCHEMA_NAME", run => run.SchemaName).Text("QUERY_TYPE", run => run.Kind.Replace(' ', '_')).Number("SESSION_ID", run => run.Session.Id).Text("USER_NAME", run => run.Session.User.Name)
        .Text("ROLE_NAME", run => run.RoleName).Text("ROLE_TYPE", _ => "ROLE").Number("WAREHOUSE_ID", _ => null).Text("WAREHOUSE_NAME", run => run.WarehouseName).Empty("WAREHOUSE_SIZE", "WAREHOUSE_TYPE")
        .Text("QUERY_TAG", run => run.Tag).Text("EXECUTION_STATUS", run => run.Failure is null ? "SUCCESS" : "FAIL").Text("ERROR_CODE", run => run.Failure?.Code)
        .Text("ERROR_MESSAGE", run => run.Failure?.Message).Instant("START_TIME", run => run.Started).Instant("END_TIME", run => run.Ended)
        .Number("TOTAL_ELAPSED_TIME", Elapsed).Number("EXECUTION_TIME", Elapsed).Number("COMPILATION_TIME", _ => 0).Number("BYTES_SCANNED", _ => 0)
        .Number("ROWS_PRODUCED", run => run.Result?.Total).Flag("IS_CLIENT_GENERATED_STATEMENT", _ => false);

    public static Relation<Accessed> Accesses() =>
        new Relation<Accessed>("ACCESS_HISTORY", scope => Shown(scope, "access").Where(run => run.Failure is null && !run.Access.IsEmpty).Select(run => new Accessed(run, scope.Context)))
            .Text("QUERY_ID", item => item.Run.Id).Instant("QUERY_START_TIME", item => item.Run.Started).Text("USER_NAME", item => item.Run.Session.User.Name)
            .Text("DIRECT_OBJECTS_ACCESSED", item => AccessJson.Objects(item.Run.Access.Direct, item.Run.Access.DirectFunctions))
            .Text("BASE_OBJECTS_ACCESSED", item => AccessJson.Objects(item.Run.Access.Base, item.Run.Access.Functions))
            .Text("OBJECTS_MODIFIED", item => AccessJson.Modified(item.Run.Access, item.TablesOf)).Empty("OBJECT_MODIFIED_BY_DDL")
            .Text("POLICIES_REFERENCED", item => AccessJson.Policies(item.Run.Access)).Text("PARENT_QUERY_ID", item => item.Run.ParentId).Text("ROOT_QUERY_ID", item => item.Run.RootId)
            .Text("EVENT_SOURCE", _ => "snowflake_sql").Empty("ADDITIONAL_PROPERTIES");

    private static IEnumerable<QueryRun> Shown(MetadataScope scope, string view) =>
        scope.Context.Runtime.Log.Snapshot().Where(run => run.Ended + Extra(run, view, scope.Context.Runtime.Options) <= scope.AsOf);

    /// <summary>A row's own share of the jitter, the same each time it is asked for.</summary>
    private static TimeSpan Extra(QueryRun run, string view, SnowflakeSandboxOptions options)
    {
        if (options.AccountUsageJitter == TimeSpan.Zero) return TimeSpan.Zero;
        var hash = string.Create(CultureInfo.InvariantCulture, $"{options.Seed}{view}{run.Id}").Aggregate(14695981039346656037UL, (sum, c) => (sum ^ c) * 1099511628211UL);
        // The last characters, in which ids differ, are spread over all bits.
        var spread = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        return options.AccountUsageJitter * (((spread ^ (spread >> 33)) >> 11) / (double)(1UL << 53));
    }

    private static long? Elapsed(QueryRun run) => (long?)(run.Ended - run.Started)?.TotalMilliseconds;

    /// <summary>A run with what is needed to look through the views it read.</summary>
    internal sealed record Accessed(QueryRun Run, StatementContext Context)
    {
        public IReadOnlyList<SchemaObject> TablesOf(SchemaObject view)
        {
            var names = Tokenizer.Read(view.Body!).Where(token => token.IsName).Select(token => token.Value).ToHashSet(StringComparer.Ordinal);
            return [.. Run.Access.Base.Keys.Concat(Run.Access.Direct.Keys).Distinct().Where(table => table != view && names.Contains(table.Name))];
        }
    }
}
