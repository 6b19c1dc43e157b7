using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Compute;

/// <summary>What of clusters command execution needs, from https://docs.databricks.com/api/workspace/clusters: the sandbox has one.</summary>
internal static class ClusterOperations
{
    public static void List(Call call)
    {
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("clusters");
        if (!call.Runtime.Cluster.IsDeleted && call.Caller.MayUseCompute) Write(call);
        call.Json.WriteEndArray();
        call.Json.WriteEndObject();
    }

    public static void Get(Call call)
    {
        Demand(call, call.NeedQuery("cluster_id"));
        Write(call);
    }

    public static void Start(Call call)
    {
        DemandRestart(call, call.NeedText("cluster_id"));
        // https://github.com/databricks/cli/issues/1372: despite the documentation, only a terminated cluster is started.
        if (call.Runtime.Cluster.Left is not null) throw new DatabricksException("INVALID_STATE", $"Cluster {call.Options.ClusterId} is in unexpected state {Spelled(State(call))}.");
        call.Runtime.Cluster.Start();
        call.WriteEmpty();
    }

    /// <summary>Terminates the cluster; only permanent-delete removes one.</summary>
    public static void Delete(Call call)
    {
        DemandRestart(call, call.NeedText("cluster_id"));
        call.Runtime.SetCluster(SandboxComputeState.Stopped);
        call.WriteEmpty();
    }

    /// <summary>Refuses, in API 1.2's words, a cluster that runs nothing now.</summary>
    public static void DemandRunning(Call call, string? id)
    {
        if (id != call.Options.ClusterId || call.Runtime.Cluster.IsDeleted) throw DatabricksException.Legacy($"ClusterNotFoundException: Cluster not found: {id}");
        if (!call.Caller.MayUseCompute) throw DatabricksException.Legacy($"{call.Caller.Name} does not have permission to attach to cluster {id}.", 403);
        if (State(call) is not "RUNNING" and var state) throw DatabricksException.Legacy($"ClusterNotReadyException: Cluster {id} has to be running, but is {state}.");
    }

    private static void Demand(Call call, string id)
    {
        if (id != call.Options.ClusterId || call.Runtime.Cluster.IsDeleted) throw DatabricksException.Invalid($"Cluster {id} does not exist");
        if (!call.Caller.MayUseCompute) throw DatabricksException.Denied($"{call.Caller.Name} does not have Attach permissions on {id}.");
    }

    /// <summary>CAN ATTACH TO is not enough, by the table of https://docs.databricks.com/aws/en/security/auth/access-control.</summary>
    private static void DemandRestart(Call call, string id)
    {
        Demand(call, id);
        if (!call.Caller.MayRestartCompute) throw DatabricksException.Denied($"{call.Caller.Name} does not have Restart permissions on {id}.");
    }

    private static string State(Call call) => call.Runtime.Cluster.Left is not { } left ? "TERMINATED" : left > TimeSpan.Zero ? "PENDING" : "RUNNING";

    private static string Spelled(string state) => state[0] + state[1..].ToLowerInvariant();

    private static void Write(Call call)
    {
        var state = State(call);
        call.Json.WriteStartObject();
        call.Json.WriteString("cluster_id", call.Options.ClusterId);
        call.Json.WriteString("cluster_name", "Sandbox cluster");
        call.Json.WriteString("creator_user_name", SandboxCast.Administrator);
        call.Json.WriteString("spark_version", "16.4.x-scala2.12");
        call.Json.WriteString("node_type_id", "i3.xlarge");
        call.Json.WriteString("data_security_mode", "USER_ISOLATION");
        call.Json.WriteString("cluster_source", "UI");
        call.Json.WriteNumber("num_workers", 1);
        call.Json.WriteString("state", state);
        call.Json.WriteString("state_message", state == "TERMINATED" ? "Terminated by user" : "");
        if (state == "TERMINATED")
        {
            call.Json.WriteStartObject("termination_reason");
            call.Json.WriteString("code", "USER_REQUEST");
            call.Json.WriteString("type", "SUCCESS");
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndObject();
    }
}
