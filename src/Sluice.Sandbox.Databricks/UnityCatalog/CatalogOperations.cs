using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.UnityCatalog;

/// <summary>Metastore, catalogs and schemas, from https://docs.databricks.com/api/workspace/catalogs and /schemas.</summary>
internal static class CatalogOperations
{
    private const int LargestPage = 1000;

    public static void MetastoreSummary(Call call)
    {
        var metastore = call.State.Metastore;
        var json = call.Json;
        json.WriteStartObject();
        json.WriteString("metastore_id", metastore.Id);
        json.WriteString("name", metastore.Name);
        json.WriteString("owner", metastore.Owner);
        json.WriteString("cloud", metastore.Cloud);
        json.WriteString("region", metastore.Region);
        json.WriteString("global_metastore_id", metastore.GlobalId);
        json.WriteString("privilege_model_version", "1.0");
        json.WriteString("delta_sharing_scope", "INTERNAL");
        json.WriteBoolean("external_access_enabled", false);
        json.WriteNumber("created_at", metastore.CreatedAt);
        json.WriteString("created_by", metastore.CreatedBy);
        json.WriteNumber("updated_at", metastore.UpdatedAt);
        json.WriteString("updated_by", metastore.UpdatedBy);
        json.WriteEndObject();
    }

    public static void CurrentAssignment(Call call)
    {
        call.Json.WriteStartObject();
        call.Json.WriteString("metastore_id", call.State.Metastore.Id);
        call.Json.WriteNumber("workspace_id", long.Parse(call.Options.WorkspaceId, System.Globalization.CultureInfo.InvariantCulture));
        call.Json.WriteString("default_catalog_name", WorkspaceSeed.WorkspaceCatalog);
        call.Json.WriteEndObject();
    }

    public static void ListCatalogs(Call call)
    {
        var includeBrowse = call.Flag("include_browse");
        Paging.Write(call, "catalogs", LargestPage, last => Paging.After(call.State.Metastore.Catalogs, last), catalog => catalog.Name, catalog =>
        {
            var holding = call.Access.On(catalog);
            var sees = holding.Uses(Privilege.UseCatalog);
            if (sees || (includeBrowse && holding.Browses)) ObjectWriting.Catalog(call, catalog, browseOnly: !sees);
        });
    }

    public static void GetCatalog(Call call)
    {
        var found = RestLookup.Find(call.State, SecurableKind.Catalog, call.Route("name"));
        ObjectWriting.Catalog(call, found.Catalog!, RestLookup.BrowseOnly(call.Access, found, call.Flag("include_browse")));
    }

    public static void ListSchemas(Call call)
    {
        var includeBrowse = call.Flag("include_browse");
        var within = RestLookup.Find(call.State, SecurableKind.Catalog, call.NeedQuery("catalog_name"));
        RestLookup.BrowseOnly(call.Access, within, includeBrowse);
        var above = call.Access.On(within.Catalog!);
        Paging.Write(call, "schemas", LargestPage, last => Paging.After(within.Catalog!.Schemas, last), schema => schema.Name, schema =>
        {
            var holding = call.Access.On(above, within.Catalog!, schema);
            var sees = holding.Uses(Privilege.UseSchema);
            if (sees || (includeBrowse && holding.Browses)) ObjectWriting.Schema(call, within.Catalog!, schema, browseOnly: !sees);
        });
    }

    public static void GetSchema(Call call)
    {
        var found = RestLookup.Find(call.State, SecurableKind.Schema, call.Route("full_name"));
        ObjectWriting.Schema(call, found.Catalog!, found.Schema!, RestLookup.BrowseOnly(call.Access, found, call.Flag("include_browse")));
    }

    public static void ListFunctions(Call call)
    {
        var includeBrowse = call.Flag("include_browse");
        var within = RestLookup.Find(call.State, SecurableKind.Schema, $"{call.NeedQuery("catalog_name")}.{call.NeedQuery("schema_name")}");
        RestLookup.BrowseOnly(call.Access, within, includeBrowse);
        var above = call.Access.On(within);
        Paging.Write(call, "functions", LargestPage, last => Paging.After(within.Schema!.Functions, last), function => function.Name, function =>
        {
            var holding = call.Access.On(above, within.Catalog!, within.Schema!, function);
            var sees = RestLookup.Sees(SecurableKind.Function, holding);
            if (sees || (includeBrowse && holding.Browses)) ObjectWriting.Function(call, within.Catalog!, within.Schema!, function, browseOnly: !sees);
        });
    }

    public static void GetFunction(Call call)
    {
        var found = RestLookup.Find(call.State, SecurableKind.Function, call.Route("name"));
        ObjectWriting.Function(call, found.Catalog!, found.Schema!, found.Function, RestLookup.BrowseOnly(call.Access, found, call.Flag("include_browse")));
    }
}
