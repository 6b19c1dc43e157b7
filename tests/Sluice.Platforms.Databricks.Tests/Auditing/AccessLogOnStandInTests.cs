using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Auditing;
using Sluice.Platforms.Databricks.Tests.Enforcing;

namespace Sluice.Platforms.Databricks.Tests.Auditing;

/// <summary>What clusters of two workspaces leave in the stand-in's audit log, as a connection reads it that has one of them alone, or none named.</summary>
public sealed class AccessLogOnStandInTests
{
    private const string Ada = "ada@acme.example", Ben = "ben@acme.example", Elsewhere = "99";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_read_a_table_on_a_cluster_is_told_but_of_a_workspace_that_is_not_the_connections(bool isOfOneWorkspace)
    {
        var options = new Sandbox.Databricks.DatabricksSandboxOptions { SystemTableLag = TimeSpan.Zero, OtherWorkspaces = [Elsewhere] };
        await using var unity = await EnforcedUnity.StartAsync([Ada, Ben], options: options, workspaceIds: isOfOneWorkspace ? $"[\"{options.WorkspaceId}\"]" : "[]");
        unity.Sandbox.Change("CREATE SCHEMA cases.s", "CREATE TABLE cases.s.t (id BIGINT)", "CREATE TABLE cases.s.secret (id BIGINT)");
        unity.Sandbox.Change("GRANT USE CATALOG ON CATALOG cases TO `account users`", "GRANT USE SCHEMA ON SCHEMA cases.s TO `account users`", "GRANT SELECT, MODIFY ON TABLE cases.s.t TO `account users`");
        unity.Sandbox.Change($"GRANT USE CATALOG ON CATALOG system TO `{unity.Sandbox.ClientId}`", $"GRANT USE SCHEMA, SELECT ON SCHEMA system.access TO `{unity.Sandbox.ClientId}`");
        await RunAsync(unity, Ada, null, "SELECT * FROM cases.s.t");
        await RunAsync(unity, Ada, null, "INSERT INTO cases.s.t VALUES (1)");
        await RunAsync(unity, Ada, null, "SELECT * FROM cases.s.secret");
        await RunAsync(unity, Ben, Elsewhere, "SELECT * FROM cases.s.t");

        var now = TimeProvider.System.GetUtcNow();
        var events = new List<QueryEvent>();
        await foreach (var page in ((IReadsQueryAudit)unity.Session).ReadQueriesAsync("unity", AccessLog.Source, new FeedWindow(now.AddHours(-1), now.AddMinutes(1), now), Ending)) events.AddRange(page);

        List<string> expected = [$"{Ada} {options.WorkspaceId} read unity/cases/s/t", $"{Ada} {options.WorkspaceId} wrote unity/cases/s/t"];
        if (!isOfOneWorkspace) expected.Add($"{Ben} {Elsewhere} read unity/cases/s/t");
        events.Select(static e => $"{e.Identity} {e.Workspace} {(e.Objects.Single().IsWritten ? "wrote" : "read")} {e.Objects.Single().Path}").ShouldBe(expected, ignoreOrder: true);
    }

    // https://docs.databricks.com/api/workspace/commandexecution: a context, a command in it, and how it stands.
    private static async Task RunAsync(EnforcedUnity unity, string person, string? workspace, string command)
    {
        using var http = new HttpClient { BaseAddress = unity.Sandbox.Endpoint };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", unity.Sandbox.TokenOf(person));
        if (workspace is not null) http.DefaultRequestHeaders.Add("X-Databricks-Org-Id", workspace);
        var clusterId = unity.Sandbox.ClusterId;
        var contextId = await IdAsync(await http.PostAsJsonAsync("/api/1.2/contexts/create", new { clusterId, language = "sql" }, Ending));
        var commandId = await IdAsync(await http.PostAsJsonAsync("/api/1.2/commands/execute", new { clusterId, contextId, language = "sql", command }, Ending));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            var status = JsonElement.Parse(await http.GetStringAsync($"/api/1.2/commands/status?clusterId={clusterId}&contextId={contextId}&commandId={commandId}", Ending)).GetProperty("status").GetString();
            if (status is "Finished" or "Error" or "Cancelled") return;
        }
        while (await look.WaitForNextTickAsync(Ending));
    }

    private static async Task<string> IdAsync(HttpResponseMessage response)
    {
        using var answer = response;
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ending)).GetProperty("id").GetString()!;
    }
}
