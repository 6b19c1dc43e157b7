using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.InformationSchema;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.UnityCatalog;

/// <summary>Enables and disables schemas of the system catalog, from https://docs.databricks.com/api/workspace/systemschemas.</summary>
internal static class SystemSchemaOperations
{
    private const int LargestPage = 1000;

    public static void List(Call call)
    {
        Demand(call);
        var schemas = SystemCatalog.SchemaNames.Append(InformationRelations.SchemaName).Order(StringComparer.Ordinal).Select(name => KeyValuePair.Create(name, name));
        Paging.Write(call, "schemas", LargestPage, last => Paging.After(schemas, last), name => name, name =>
        {
            call.Json.WriteStartObject();
            call.Json.WriteString("schema", name);
            call.Json.WriteString("state", name == InformationRelations.SchemaName ? "MANAGED" : Find(call.State, name) is null ? "AVAILABLE" : "ENABLE_COMPLETED");
            call.Json.WriteEndObject();
        });
    }

    public static void Enable(Call call)
    {
        var name = Named(call);
        call.Runtime.Change(state =>
        {
            var system = state.Find(SecurableKind.Catalog, SystemCatalog.Name)!;
            if (system.Catalog!.Schemas.ContainsKey(name)) throw new DatabricksException("SCHEMA_ALREADY_EXISTS", $"Schema '{SystemCatalog.Name}.{name}' already exists", 409);
            return state.Replace(system, system.Catalog.With(SystemCatalog.SchemaOf(name, call.Now)));
        });
        call.WriteEmpty();
    }

    public static void Disable(Call call)
    {
        var name = Named(call);
        call.Runtime.Change(state => state.Remove(Find(state, name) ?? throw DatabricksException.NotFound("Schema", $"{SystemCatalog.Name}.{name}")));
        call.WriteEmpty();
    }

    private static Located? Find(WorkspaceState state, string name) => state.Find(SecurableKind.Schema, SystemCatalog.Name, name);

    /// <summary>The schema, with or without its catalog's name.</summary>
    private static string Named(Call call)
    {
        Demand(call);
        var given = call.Route("schema_name");
        var name = given.StartsWith($"{SystemCatalog.Name}.", StringComparison.Ordinal) ? given[(SystemCatalog.Name.Length + 1)..] : given;
        return SystemCatalog.SchemaNames.Contains(name) ? name : throw DatabricksException.NotFound("Schema", $"{SystemCatalog.Name}.{name}");
    }

    private static void Demand(Call call)
    {
        if (call.Route("metastore_id") != call.State.Metastore.Id) throw DatabricksException.NotFound("Metastore", call.Route("metastore_id"));
        if (!call.Access.IsMetastoreAdmin && !call.Caller.IsAccountAdmin) throw DatabricksException.Denied("Only metastore admins and account admins may enable system schemas.");
    }
}
