using System.Globalization;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Statements;
using static Sluice.Sandbox.Snowflake.Results.ResultColumn;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>SHOW TABLES, VIEWS and their kin. SHOW TABLES lists dynamic, external, event and Iceberg tables too, each with its flag.</summary>
internal static class TableListings
{
    public static Listing Of(StatementContext context, IEnumerable<SchemaState> schemas, Domain domain, bool terse)
    {
        var seen = Seen(context, schemas, table => domain switch
        {
            Domain.Table => !table.Domain.IsView(),
            // SHOW VIEWS lists materialized views too, with a flag.
            Domain.View => table.Domain.IsView(),
            _ => table.Domain == domain,
        });
        if (terse) return Terse(seen);
        return domain switch
        {
            Domain.Table => Tables(seen),
            Domain.View => Views(seen),
            Domain.MaterializedView => MaterializedViews(context.Account, seen),
            Domain.ExternalTable => ExternalTables(seen),
            Domain.EventTable => EventTables(seen),
            Domain.IcebergTable => IcebergTables(seen),
            _ => DynamicTables(seen),
        };
    }

    public static Listing Objects(StatementContext context, IEnumerable<SchemaState> schemas, bool terse)
    {
        var seen = Seen(context, schemas, _ => true);
        if (terse) return Terse(seen);
        return new(
            [
                Instant("created_on"), Text("name"), Text("database_name"), Text("schema_name"), Text("kind"), Text("comment"), Text("cluster_by"), Number("rows"),
                Number("bytes"), Text("owner"), Text("retention_time"), Text("owner_role_type"), Text("budget"), Text("is_hybrid"), Text("is_dynamic"), Text("is_iceberg"),
            ],
            1,
            seen.Select(table => (object?[])
            [
                table.CreatedOn, table.Name, table.Database.Name, table.Schema.Name, table.Domain.IsView() ? table.Domain.Sql() : Kind(table), table.Comment ?? "", "",
                Rows(table), Bytes(table), Owner(table), Retention(table), ContainerListings.OwnerType(table), null, "N",
                Flag(table.Domain == Domain.DynamicTable), Flag(table.Domain == Domain.IcebergTable),
            ]));
    }

    private static IEnumerable<SchemaObject> Seen(StatementContext context, IEnumerable<SchemaState> schemas, Func<SchemaObject, bool> wanted) =>
        schemas.SelectMany(schema => schema.Tables()).Where(table => wanted(table) && context.Access.Sees(table));

    private static Listing Terse(IEnumerable<SchemaObject> seen) => new(
        [Instant("created_on"), Text("name"), Text("kind"), Text("database_name"), Text("schema_name")],
        1,
        seen.Select(table => (object?[])[table.CreatedOn, table.Name, table.Domain.IsView() ? table.Domain.Sql() : Kind(table), table.Database.Name, table.Schema.Name]));

    private static Listing Tables(IEnumerable<SchemaObject> seen) => new(
        [
            Instant("created_on"), Text("name"), Text("database_name"), Text("schema_name"), Text("kind"), Text("comment"), Text("cluster_by"), Number("rows"), Number("bytes"),
            Text("owner"), Text("retention_time"), Text("automatic_clustering"), Text("change_tracking"), Text("search_optimization"), Text("search_optimization_progress"),
            Text("search_optimization_bytes"), Text("is_external"), Text("enable_schema_evolution"), Text("owner_role_type"), Text("is_event"), Text("budget"), Text("is_hybrid"),
            Text("is_iceberg"), Text("is_dynamic"), Text("is_immutable"),
        ],
        1,
        seen.Select(table => (object?[])
        [
            table.CreatedOn, table.Name, table.Database.Name, table.Schema.Name, Kind(table), table.Comment ?? "", "", Rows(table), Bytes(table), Owner(table),
            Retention(table), "OFF", "OFF", "OFF", null, null, Flag(table.Domain == Domain.ExternalTable), "N", ContainerListings.OwnerType(table),
            Flag(table.Domain == Domain.EventTable), null, "N", Flag(table.Domain == Domain.IcebergTable), Flag(table.Domain == Domain.DynamicTable), "N",
        ]));

    private static Listing Views(IEnumerable<SchemaObject> seen) => new(
        [
            Instant("created_on"), Text("name"), Text("reserved"), Text("database_name"), Text("schema_name"), Text("owner"), Text("comment"), Text("text"), Text("is_secure"),
            Text("is_materialized"), Text("owner_role_type"), Text("change_tracking"),
        ],
        1,
        seen.Select(view => (object?[])
        [
            view.CreatedOn, view.Name, "", view.Database.Name, view.Schema.Name, Owner(view), view.Comment ?? "", view.Text ?? "", Flagged(view.IsSecure),
            Flagged(view.Domain == Domain.MaterializedView), ContainerListings.OwnerType(view), "OFF",
        ]));

    private static Listing MaterializedViews(AccountState account, IEnumerable<SchemaObject> seen) => new(
        [
            Instant("created_on"), Text("name"), Text("reserved"), Text("database_name"), Text("schema_name"), Text("cluster_by"), Number("rows"), Number("bytes"),
            Text("source_database_name"), Text("source_schema_name"), Text("source_table_name"), Instant("refreshed_on"), Instant("compacted_on"), Text("owner"), Text("invalid"),
            Text("invalid_reason"), Text("behind_by"), Text("comment"), Text("text"), Text("is_secure"), Text("automatic_clustering"), Text("owner_role_type"), Text("budget"),
        ],
        1,
        seen.Select(view => (View: view, Source: view.BaseTables is [var first, ..] ? account.Find(first) as SchemaObject : null)).Select(static one => MaterializedView(one.View, one.Source)));

    private static object?[] MaterializedView(SchemaObject view, SchemaObject? source) =>
        [
            view.CreatedOn, view.Name, "", view.Database.Name, view.Schema.Name, "", Rows(view), Bytes(view), source?.Database.Name, source?.Schema.Name, source?.Name, view.LastAltered,
            view.LastAltered, Owner(view), Flagged(false), null, "0s", view.Comment ?? "", view.Text ?? "", Flagged(view.IsSecure), "OFF", ContainerListings.OwnerType(view), null,
        ];

    private static Listing ExternalTables(IEnumerable<SchemaObject> seen) => new(
        [
            Instant("created_on"), Text("name"), Text("database_name"), Text("schema_name"), Text("invalid"), Text("invalid_reason"), Text("owner"), Text("comment"), Text("stage"),
            Text("location"), Text("file_format_name"), Text("file_format_type"), Text("cloud"), Text("region"), Text("notification_channel"), Instant("last_refreshed_on"),
            Text("table_format"), Text("last_refresh_details"), Text("owner_role_type"),
        ],
        1,
        seen.Select(table => (object?[])
        [
            table.CreatedOn, table.Name, table.Database.Name, table.Schema.Name, Flagged(false), null, Owner(table), table.Comment ?? "", null,
            table.Options.GetValueOrDefault("LOCATION"), "", "PARQUET", "AWS", "eu-central-1", null, table.LastAltered, "UNPARTITIONED", null, ContainerListings.OwnerType(table),
        ]));

    private static Listing EventTables(IEnumerable<SchemaObject> seen) => new(
        [Instant("created_on"), Text("name"), Text("database_name"), Text("schema_name"), Text("owner"), Text("comment"), Text("owner_role_type")],
        1,
        seen.Select(table => (object?[])[table.CreatedOn, table.Name, table.Database.Name, table.Schema.Name, Owner(table), table.Comment ?? "", ContainerListings.OwnerType(table)]));

    private static Listing IcebergTables(IEnumerable<SchemaObject> seen) => new(
        [
            Instant("created_on"), Text("name"), Text("database_name"), Text("schema_name"), Text("owner"), Text("external_volume_name"), Text("catalog_name"), Text("iceberg_table_type"),
            Text("catalog_table_name"), Text("catalog_namespace"), Text("base_location"), Text("can_write_metadata"), Text("comment"), Text("owner_role_type"),
        ],
        1,
        seen.Select(table => (object?[])
        [
            table.CreatedOn, table.Name, table.Database.Name, table.Schema.Name, Owner(table), table.Options.GetValueOrDefault("EXTERNAL_VOLUME"),
            table.Options.GetValueOrDefault("CATALOG", "SNOWFLAKE"), "MANAGED", "", "", table.Options.GetValueOrDefault("BASE_LOCATION"), "Y", table.Comment ?? "",
            ContainerListings.OwnerType(table),
        ]));

    private static Listing DynamicTables(IEnumerable<SchemaObject> seen) => new(
        [
            Instant("created_on"), Text("name"), Text("reserved"), Text("database_name"), Text("schema_name"), Text("cluster_by"), Number("rows"), Number("bytes"), Text("owner"),
            Text("target_lag"), Text("refresh_mode"), Text("refresh_mode_reason"), Text("warehouse"), Text("comment"), Text("text"), Text("automatic_clustering"),
            Text("scheduling_state"), Instant("last_suspended_on"), Text("is_clone"), Text("is_replica"), Instant("data_timestamp"), Text("owner_role_type"),
        ],
        1,
        seen.Select(table => (object?[])
        [
            table.CreatedOn, table.Name, "", table.Database.Name, table.Schema.Name, "", Rows(table), Bytes(table), Owner(table), table.Options.GetValueOrDefault("TARGET_LAG"),
            "INCREMENTAL", null, table.Options.GetValueOrDefault("WAREHOUSE"), table.Comment ?? "", table.Text ?? "", "OFF", "ACTIVE", null, Flagged(false), Flagged(false),
            table.LastAltered, ContainerListings.OwnerType(table),
        ]));

    /// <summary>SHOW TABLES calls everything TABLE or by its persistence.</summary>
    public static string Kind(SchemaObject table) => table.IsTemporary ? "TEMPORARY" : table.IsTransient || table.Schema.IsTransient ? "TRANSIENT" : "TABLE";

    private static string Owner(SchemaObject table) => table.Owner?.Name ?? "";

    private static object? Rows(SchemaObject table) => table.Domain == Domain.View ? null : table.RowCount;

    private static object? Bytes(SchemaObject table) => table.Domain == Domain.View ? null : table.RowCount * 1024;

    private static string Retention(SchemaObject table) => table.Database.RetentionDays.ToString(CultureInfo.InvariantCulture);

    private static string Flag(bool value) => value ? "Y" : "N";

    private static string Flagged(bool value) => value ? "true" : "false";
}
