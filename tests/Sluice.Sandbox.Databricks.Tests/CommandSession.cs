using System.Text.Json;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests;

/// <summary>An execution context of the cluster: statements one after the other, in one session.</summary>
internal sealed class CommandSession
{
    private readonly RestClient client;
    private readonly string cluster;
    private readonly string context;

    private CommandSession(RestClient client, string cluster, string context) => (this.client, this.cluster, this.context) = (client, cluster, context);

    public static async Task<CommandSession> OpenAsync(Bench bench, string principal = SandboxCast.Engineer)
    {
        var person = bench.As(principal);
        var made = (await person.Post("/api/1.2/contexts/create", new { clusterId = bench.Sandbox.ClusterId, language = "sql" })).ShouldSucceed();
        return new(person, bench.Sandbox.ClusterId, made.Json.GetProperty("id").GetString()!);
    }

    /// <summary>The rows of a command that must succeed.</summary>
    public async Task<JsonElement> Runs(string command)
    {
        var results = await RunAsync(command);
        results.GetProperty("resultType").GetString().ShouldBe("table", results.ToString());
        return results.GetProperty("data");
    }

    /// <summary>What a command that must fail says.</summary>
    public async Task<string> Fails(string command)
    {
        var results = await RunAsync(command);
        results.GetProperty("resultType").GetString().ShouldBe("error", results.ToString());
        return results.GetProperty("summary").GetString()!;
    }

    private async Task<JsonElement> RunAsync(string command)
    {
        var id = (await client.Post("/api/1.2/commands/execute", new { clusterId = cluster, contextId = context, language = "sql", command })).ShouldSucceed().Json.GetProperty("id").GetString();
        var ended = await Eventually.AnswerAsync(
            async () =>
            {
                var answer = (await client.Get($"/api/1.2/commands/status?clusterId={cluster}&contextId={context}&commandId={id}")).ShouldSucceed();
                return answer.Json.GetProperty("status").GetString() is "Queued" or "Running" ? null : answer;
            },
            $"the command has ended: {command}");
        return ended.Json.GetProperty("results");
    }
}
