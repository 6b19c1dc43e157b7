using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.UnityCatalog;

/// <summary>Tables and their kin, from https://docs.databricks.com/api/workspace/tables.</summary>
internal static class TableOperations
{
    private const int LargestSummaryPage = 10_000;

    public static void List(Call call)
    {
        var includeBrowse = call.Flag("include_browse");
        var omit = TableOmissions.Of(call);
        var within = RestLookup.Find(call.State, SecurableKind.Schema, $"{call.NeedQuery("catalog_name")}.{call.NeedQuery("schema_name")}");
        RestLookup.BrowseOnly(call.Access, within, includeBrowse);
        var above = call.Access.On(within);
        Paging.Write(call, "tables", call.Options.LargestTablePage, within.Schema!.Tables.After, table => table.Name, table =>
        {
            var holding = call.Access.On(above, within.Catalog!, within.Schema, table);
            if (holding.Reads || (includeBrowse && holding.Browses)) ObjectWriting.Table(call, within.Catalog!, within.Schema, table, !holding.Reads, omit);
        });
    }

    public static void Get(Call call)
    {
        var found = RestLookup.Find(call.State, SecurableKind.Table, call.Route("full_name"));
        ObjectWriting.Table(call, found.Catalog!, found.Schema!, found.Table, RestLookup.BrowseOnly(call.Access, found, call.Flag("include_browse")), default);
    }

    public static void Exists(Call call)
    {
        var parts = call.Route("full_name").Split('.');
        var found = parts.Length == 3 ? call.State.Find(SecurableKind.Table, parts) : null;
        if (found is not null)
        {
            var holding = call.Access.On(found);
            if (!holding.Reads && !holding.Browses) throw RestLookup.Lacks(found, holding, "SELECT");
        }

        call.Json.WriteStartObject();
        call.Json.WriteBoolean("table_exists", found is not null);
        call.Json.WriteEndObject();
    }

    public static void Summaries(Call call)
    {
        var within = RestLookup.Find(call.State, SecurableKind.Catalog, call.NeedQuery("catalog_name"));
        RestLookup.BrowseOnly(call.Access, within, includeBrowse: true);
        var schemas = LikePattern.OfSql(call.Query("schema_name_pattern"));
        var tables = LikePattern.OfSql(call.Query("table_name_pattern"));
        var above = call.Access.On(within.Catalog!);
        Paging.Write(call, "tables", LargestSummaryPage, last => After(within.Catalog!, last), Key, pair =>
        {
            if (!schemas(pair.Schema.Name) || !tables(pair.Table.Name)) return;
            var holding = call.Access.On(call.Access.On(above, within.Catalog!, pair.Schema), within.Catalog!, pair.Schema, pair.Table);
            if (!holding.Reads) return;
            call.Json.WriteStartObject();
            call.Json.WriteString("full_name", $"{within.Catalog!.Name}.{pair.Schema.Name}.{pair.Table.Name}");
            call.Json.WriteString("table_type", TableTypes.Of(pair.Table.Type));
            call.Json.WriteEndObject();
        }, alwaysPaged: true);
    }

    private static string Key((SchemaObject Schema, TableObject Table) pair) => $"{pair.Schema.Name}.{pair.Table.Name}";

    private static IEnumerable<(SchemaObject Schema, TableObject Table)> After(CatalogObject catalog, string? last)
    {
        var cut = last?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        foreach (var schema in catalog.Schemas.Values)
        {
            var order = cut < 0 ? 1 : string.CompareOrdinal(schema.Name, last![..cut]);
            if (order < 0) continue;
            foreach (var table in schema.Tables.After(order == 0 ? last![(cut + 1)..] : null)) yield return (schema, table);
        }
    }
}
