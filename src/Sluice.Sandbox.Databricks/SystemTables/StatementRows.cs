using System.Text.Json;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>The rows of audit and lineage that a statement leaves once it has succeeded.</summary>
internal static class StatementRows
{
    public static void Add(SandboxRuntime runtime, Session session, Statement statement, Activity activity)
    {
        var caller = session.Caller;
        LineageRows.Add(runtime, session, activity);
        foreach (var table in activity.Read.Concat(activity.Written is { } written ? [written] : []))
        {
            Audit(runtime, caller, "getTable", ("full_name_arg", table.FullName));
            // https://docs.databricks.com/aws/en/admin/account-settings/audit-logs has it for whoever queries a table. Of a cluster, which has no statement ids, nothing else tells.
            if (activity.StatementId is null && !table.Table.IsView)
            {
                Audit(
                    runtime,
                    caller,
                    "generateTemporaryTableCredential",
                    ("table_full_name", table.FullName),
                    ("table_id", table.Table.Id),
                    ("operation", table == activity.Written ? "READ_WRITE" : "READ"),
                    ("credential_type", "StorageCredential"),
                    ("is_permissions_enforcing_client", "true"));
            }
        }

        switch (statement)
        {
            case GrantStatement grant:
                var privileges = PrivilegeNames.Of(grant.Privileges).ToArray();
                Audit(
                    runtime,
                    caller,
                    "updatePermissions",
                    ("securable_type", grant.On.Kind.ToString().ToUpperInvariant()),
                    ("securable_full_name", grant.On.Name is { } on ? string.Join('.', on.Parts) : null),
                    ("changes", JsonSerializer.Serialize(new[] { new { principal = grant.Principal, add = grant.Revokes ? [] : privileges, remove = grant.Revokes ? privileges : [] } })));
                break;
            case CreateTable or CreateView when activity.Written is { } made:
                Audit(runtime, caller, "createTable", ("full_name_arg", made.FullName), ("name", made.Table.Name));
                break;
            case CreateFunction function:
                Audit(runtime, caller, "createFunction", ("full_name_arg", string.Join('.', function.Name.Parts)));
                break;
            case Drop { What.Name: { } name } drop:
                Audit(runtime, caller, $"delete{drop.What.Kind}", ("full_name_arg", string.Join('.', name.Parts)));
                break;
        }
    }

    private static void Audit(SandboxRuntime runtime, Caller caller, string action, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        Dictionary<string, string?> named = new(StringComparer.Ordinal);
        foreach (var (name, value) in parameters) named[name] = value;
        AuditRows.Statement(runtime, caller, action, named, error: null);
    }
}
