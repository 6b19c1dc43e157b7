using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Compute;

/// <summary>SQL warehouses, from https://docs.databricks.com/api/workspace/warehouses: the sandbox has one.</summary>
internal static class WarehouseOperations
{
    private const int IdLength = 16;

    public static void List(Call call)
    {
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("warehouses");
        if (!call.Runtime.Warehouse.IsDeleted && call.Caller.MayUseCompute) Write(call);
        call.Json.WriteEndArray();
        call.Json.WriteEndObject();
    }

    public static void Get(Call call)
    {
        Demand(call, call.Route("id"));
        Write(call);
    }

    public static void Start(Call call)
    {
        DemandUsable(call, call.Route("id"));
        call.Runtime.Warehouse.Start();
        call.WriteEmpty();
    }

    public static void Stop(Call call)
    {
        DemandUsable(call, call.Route("id"));
        call.Runtime.Warehouse.Set(SandboxComputeState.Stopped);
        call.WriteEmpty();
    }

    /// <summary>Refuses a warehouse that isn't there, was deleted, or that the caller may not use.</summary>
    public static void DemandUsable(Call call, string id)
    {
        Demand(call, id);
        if (call.Runtime.Warehouse.IsDeleted) throw Missing(id);
    }

    private static void Demand(Call call, string id)
    {
        if (id.Length != IdLength || !id.All(char.IsAsciiHexDigit)) throw DatabricksException.Invalid($"{id} is not a valid endpoint id.");
        if (id != call.Options.WarehouseId) throw Missing(id);
        if (!call.Caller.MayUseCompute) throw DatabricksException.Denied($"{call.Caller.Name} does not have permission to use the SQL warehouse {id}.");
    }

    private static DatabricksException Missing(string id) => DatabricksException.Missing($"SQL warehouse {id} does not exist.");

    private static void Write(Call call)
    {
        var warehouse = call.Runtime.Warehouse;
        var state = warehouse.IsDeleted ? "DELETED" : warehouse.Left is not { } left ? "STOPPED" : left > TimeSpan.Zero ? "STARTING" : "RUNNING";
        var json = call.Json;
        json.WriteStartObject();
        json.WriteString("id", call.Options.WarehouseId);
        json.WriteString("name", "Sandbox warehouse");
        json.WriteString("cluster_size", "Small");
        json.WriteNumber("min_num_clusters", 1);
        json.WriteNumber("max_num_clusters", 1);
        json.WriteNumber("auto_stop_mins", 10);
        json.WriteString("creator_name", SandboxCast.Administrator);
        json.WriteBoolean("enable_photon", true);
        json.WriteBoolean("enable_serverless_compute", true);
        json.WriteString("warehouse_type", "PRO");
        json.WriteNumber("num_clusters", state == "RUNNING" ? 1 : 0);
        json.WriteNumber("num_active_sessions", 0);
        json.WriteString("state", state);
        json.WriteStartObject("odbc_params");
        json.WriteString("hostname", call.Http.Request.Host.Host);
        json.WriteNumber("port", call.Http.Request.Host.Port ?? (call.Http.Request.IsHttps ? 443 : 80));
        json.WriteString("path", $"/sql/1.0/warehouses/{call.Options.WarehouseId}");
        json.WriteString("protocol", call.Http.Request.Scheme);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
