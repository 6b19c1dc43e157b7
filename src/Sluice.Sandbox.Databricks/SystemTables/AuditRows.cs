using System.Collections.Frozen;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Wire;
using static Sluice.Sandbox.Databricks.SystemTables.EngineValues;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>
/// system.access.audit, from https://docs.databricks.com/aws/en/admin/system-tables/audit-logs, with the actions of
/// …/admin/account-settings/audit-logs. Unity Catalog's are logged for the account, whose rows have the workspace id 0.
/// </summary>
internal static class AuditRows
{
    private static readonly FrozenDictionary<string, (string Service, string Action)> Actions = new Dictionary<string, (string, string)>
    {
        ["catalogs.list"] = ("unityCatalog", "listCatalogs"), ["catalogs.get"] = ("unityCatalog", "getCatalog"),
        ["catalogs.update"] = ("unityCatalog", "updateCatalog"), ["schemas.update"] = ("unityCatalog", "updateSchema"),
        ["schemas.list"] = ("unityCatalog", "listSchemas"), ["schemas.get"] = ("unityCatalog", "getSchema"),
        ["tables.list"] = ("unityCatalog", "listTables"), ["tables.get"] = ("unityCatalog", "getTable"), ["tables.summaries"] = ("unityCatalog", "listTableSummaries"),
        ["functions.list"] = ("unityCatalog", "listFunctions"), ["functions.get"] = ("unityCatalog", "getFunction"),
        ["permissions.get"] = ("unityCatalog", "getPermissions"), ["permissions.update"] = ("unityCatalog", "updatePermissions"), ["permissions.effective"] = ("unityCatalog", "getEffectivePermissions"),
        ["scim.groups.create"] = ("accounts", "createGroup"), ["scim.groups.patch"] = ("accounts", "updateGroup"), ["scim.groups.update"] = ("accounts", "updateGroup"), ["scim.groups.delete"] = ("accounts", "removeGroup"),
        ["account.scim.groups.create"] = ("accounts", "createGroup"), ["account.scim.groups.patch"] = ("accounts", "updateGroup"), ["account.scim.groups.update"] = ("accounts", "updateGroup"), ["account.scim.groups.delete"] = ("accounts", "removeGroup"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A request that was answered, or refused with an error.</summary>
    public static void Request(Call call, DatabricksException? problem)
    {
        if (!call.Runtime.SystemLog.IsRecording || !Actions.TryGetValue(call.Operation.Name, out var named)) return;
        Dictionary<string, string?> parameters = new(StringComparer.Ordinal);
        foreach (var part in new[] { "full_name", "name", "securable_type", "id" })
        {
            if (call.FindRoute(part) is { } value) parameters[Parameter(call.Operation.Name, part)] = value;
        }

        if (call.Operation.Name == "permissions.update" && problem is null && call.Input.TryGetProperty("changes", out var changes)) parameters["changes"] = changes.GetRawText();
        Add(call.Runtime, named, call.Caller, call.Http.Request.Headers.UserAgent.ToString(), parameters, problem?.Status ?? 200, problem?.Message);
    }

    /// <summary>What a statement did, beside the requests that brought it.</summary>
    public static void Statement(SandboxRuntime runtime, Caller caller, string action, IReadOnlyDictionary<string, string?> parameters, string? error) =>
        Add(runtime, (action.StartsWith("command", StringComparison.Ordinal) ? "databrickssql" : "unityCatalog", action), caller, "", new Dictionary<string, string?>(parameters, StringComparer.Ordinal), error is null ? 200 : 403, error);

    private static string Parameter(string operation, string part) => (operation, part) switch
    {
        ("permissions.update" or "permissions.get" or "permissions.effective", "full_name") => "securable_full_name",
        (_, "full_name") => "full_name_arg",
        (_, "name") => "name_arg",
        _ => part,
    };

    private static void Add(SandboxRuntime runtime, (string Service, string Action) named, Caller caller, string agent, Dictionary<string, string?> parameters, int status, string? error)
    {
        if (!runtime.SystemLog.IsRecording) return;
        var now = runtime.SystemLog.Now;
        var workspace = caller.OtherWorkspace ?? runtime.Options.WorkspaceId;
        var ofAccount = named.Service == "unityCatalog";
        if (ofAccount)
        {
            parameters["workspace_id"] = workspace;
            parameters["metastore_id"] = runtime.Options.MetastoreId;
        }

        runtime.SystemLog.Add("access", "audit", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["account_id"] = Text(runtime.Options.AccountId),
            ["workspace_id"] = Text(ofAccount ? "0" : workspace),
            ["version"] = Text("2.0"),
            ["event_time"] = Time(now),
            ["event_date"] = Date(now),
            ["source_ip_address"] = Text("127.0.0.1"),
            ["user_agent"] = Text(agent),
            ["user_identity"] = Structure(("email", Text(caller.Name)), ("subject_name", "NULL")),
            ["service_name"] = Text(named.Service),
            ["action_name"] = Text(named.Action),
            ["request_id"] = Text(RandomId.New().ToString()),
            ["request_params"] = Map(parameters),
            ["response"] = Structure(("status_code", Number(status)), ("error_message", Text(error)), ("result", "NULL")),
            ["audit_level"] = Text(ofAccount ? "ACCOUNT_LEVEL" : "WORKSPACE_LEVEL"),
            ["event_id"] = Text(RandomId.New().ToString()),
            ["identity_metadata"] = Structure(("run_by", Text(caller.Name)), ("run_as", "NULL")),
        });
    }
}
