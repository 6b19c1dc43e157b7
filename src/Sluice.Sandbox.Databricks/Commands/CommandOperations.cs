using Sluice.Sandbox.Databricks.Compute;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Commands;

/// <summary>The Command Execution API 1.2, from https://docs.databricks.com/api/workspace/commandexecution.</summary>
internal static class CommandOperations
{
    public static void CreateContext(Call call)
    {
        ClusterOperations.DemandRunning(call, call.Text("clusterId"));
        Language(call);
        Answer(call, call.Runtime.Commands.Create(call.Caller));
    }

    public static void ContextStatus(Call call)
    {
        ClusterOperations.DemandRunning(call, call.Query("clusterId"));
        var id = call.NeedQuery("contextId");
        call.Runtime.Commands.Find(call.Caller, id);
        call.Json.WriteStartObject();
        call.Json.WriteString("id", id);
        call.Json.WriteString("status", "Running");
        call.Json.WriteEndObject();
    }

    public static void DestroyContext(Call call)
    {
        ClusterOperations.DemandRunning(call, call.Text("clusterId"));
        var id = call.NeedText("contextId");
        call.Runtime.Commands.Find(call.Caller, id);
        call.Runtime.Commands.Destroy(id);
        Answer(call, id);
    }

    public static void Execute(Call call)
    {
        ClusterOperations.DemandRunning(call, call.Text("clusterId"));
        Language(call);
        var context = call.Runtime.Commands.Find(call.Caller, call.NeedText("contextId"));
        Answer(call, call.Runtime.Commands.Run(context, call.NeedText("command")).Id);
    }

    public static void Status(Call call)
    {
        ClusterOperations.DemandRunning(call, call.Query("clusterId"));
        var run = Command(call, call.NeedQuery("contextId"), call.NeedQuery("commandId"));
        run.TryStart(isPoll: true);
        var status = run.Status;
        call.Json.WriteStartObject();
        call.Json.WriteString("id", run.Id);
        call.Json.WriteString("status", status);
        if (status == "Finished") run.WriteResults(call.Json);
        else call.Json.WriteNull("results");
        call.Json.WriteEndObject();
    }

    public static void Cancel(Call call)
    {
        ClusterOperations.DemandRunning(call, call.Text("clusterId"));
        var run = Command(call, call.NeedText("contextId"), call.NeedText("commandId"));
        run.Cancel();
        Answer(call, run.Id);
    }

    private static CommandRun Command(Call call, string contextId, string commandId) =>
        call.Runtime.Commands.Find(call.Caller, contextId).Find(commandId) ?? throw DatabricksException.Legacy($"CommandNotFound: {commandId}", 404);

    private static void Language(Call call)
    {
        if (!string.Equals(call.Text("language"), "sql", StringComparison.OrdinalIgnoreCase)) throw DatabricksException.Legacy($"The sandbox runs the language sql alone, not {call.Text("language")}.");
    }

    private static void Answer(Call call, string id)
    {
        call.Json.WriteStartObject();
        call.Json.WriteString("id", id);
        call.Json.WriteEndObject();
    }
}
