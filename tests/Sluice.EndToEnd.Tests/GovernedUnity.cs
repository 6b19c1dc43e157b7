using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Identity;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>A server that enforces policies on the catalog <c>sales</c> of Databricks' stand-in, and people whose access is looked at there.</summary>
internal sealed class GovernedUnity : IAsyncDisposable
{
    public const string Key = "unity";
    public const string Catalog = "sales";

    /// <summary>People that the stand-in knows; nothing is granted to them there.</summary>
    public static readonly string[] People = ["ada@acme.example", "ben@acme.example", "cat@acme.example", "dan@acme.example", "eve@acme.example"];

    private GovernedUnity(DatabricksSandbox sandbox, TestServer server) => (Sandbox, Server) = (sandbox, server);

    public DatabricksSandbox Sandbox { get; }

    public TestServer Server { get; private set; }

    /// <summary>Starts both, sets the stand-in up by the script, registers it, activates <see cref="Catalog"/>, and makes everybody's account.</summary>
    /// <param name="groups">Groups by name, with their members.</param>
    /// <param name="active">What is activated below the connection.</param>
    /// <param name="asProcess">Whether the server will be killed.</param>
    /// <param name="statements">What somebody has run at the stand-in before.</param>
    /// <param name="options">How the stand-in is otherwise.</param>
    public static async Task<GovernedUnity> StartAsync(
        IReadOnlyDictionary<string, string[]> groups, string active = Catalog, bool asProcess = false, IReadOnlyList<string>? statements = null, DatabricksSandboxOptions? options = null)
    {
        var sandbox = await DatabricksScript.StartAsync(
            (options ?? new()) with { Principals = [.. People.Select(static p => new SandboxPrincipal { Name = p })], SystemTableLag = TimeSpan.Zero });
        foreach (var statement in statements ?? []) sandbox.Change(statement);
        var unity = new GovernedUnity(sandbox, await TestServer.StartAsync(asProcess));
        using var api = unity.Server.Api();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        var script = await api.PostAsync("/integrations/scripts/create", payloads.Script());
        script.Status.ShouldBe(HttpStatusCode.OK, script.Text);
        await new DatabricksScript(script.Text).RunAsync(sandbox);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.RegistrationWithScriptsConfig(Key)));
        await SucceedAsync(api.PutAsync($"/data/connection/{Key}", """{"settings": {"guard": {"maxLost": 100000, "maxGained": 100000}}}"""));
        await unity.PeopleAsync(api, People);
        foreach (var (group, members) in groups)
        {
            await SucceedAsync(api.PostAsync("/api/v1/groups", $$"""{"name": "{{group}}"}"""));
            await MembersAsync(api, group, members);
        }

        await ActivateAsync(api, active);
        return unity;
    }

    /// <summary>Makes people's accounts, each with an identity of the same name.</summary>
    public async Task PeopleAsync(Api api, IEnumerable<string> people)
    {
        foreach (var name in people)
        {
            await SucceedAsync(api.PostAsync("/api/v1/users", $$"""{"username": "{{name}}"}"""));
            await SucceedAsync(api.PostAsync($"/api/v1/users/{Uri.EscapeDataString(name)}/identities", $$"""{"connectionKey": "{{Key}}", "name": "{{name}}"}"""));
        }
    }

    public static async Task ActivateAsync(Api api, string path, bool isActive = true)
    {
        var settings = await api.PutAsync($"/data/settings/{Key}/{path}", $$"""{"isActive": {{(isActive ? "true" : "false")}}}""");
        settings.Status.ShouldBe(HttpStatusCode.OK, settings.Text);
        await api.CompleteAsync(settings.Json["bulkId"]!.GetValue<string>());
    }

    public static Task MembersAsync(Api api, string group, IEnumerable<string> members) => SucceedAsync(
        api.PutAsync($"/api/v1/groups/{group}/members", new JsonObject { ["users"] = new JsonArray([.. members.Select(static m => JsonValue.Create(m))]), ["groups"] = new JsonArray() }.ToJsonString()));

    public static Task PutAsync(Api api, string policies) => SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", policies, "application/yaml"));

    public static Task ModeAsync(Api api, string mode) => SucceedAsync(api.PutAsync($"/data/connection/{Key}", $$$"""{"settings": {"mode": "{{{mode}}}"}}"""));

    /// <summary>Has the server look at the platform again, before the time for that has come: after a crawl it does.</summary>
    public static async Task LookAsync(Api api) => await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, $"/data/crawl/{Key}/{Catalog}/orders/orders", null));

    public static async Task<JsonNode> PlanAsync(Api api)
    {
        var plan = await api.PostAsync("/api/v1/plans", $$"""{"connectionKey": "{{Key}}"}""");
        plan.Status.ShouldBe(HttpStatusCode.OK, plan.Text);
        return plan.Json;
    }

    /// <summary>A policy by which a group reads, or writes, some tables.</summary>
    public static string Reading(string group, IEnumerable<string> tables, string access = "READ") => $$$"""
        policyKey: {{{group.ToLowerInvariant()}}}-{{{access.ToLowerInvariant()}}}
        name: {{{group}}} and tables of theirs
        type: subscription
        circumstanceOperator: any
        circumstances: [{{{string.Join(", ", tables.Select(static t => $"{{type: objectPath, path: [{Key}, {Catalog}, {t.Replace("/", ", ", StringComparison.Ordinal)}]}}"))}}}]
        actions: {type: entitlements, accessGrant: {{{access}}}, entitlements: {operator: all, groups: [{{{group}}}]}}
        """;

    /// <summary>Runs a statement as somebody: the rows, or null when Databricks refuses.</summary>
    public async Task<IReadOnlyList<string?[]>?> ReadAsync(string person, string query)
    {
        using var http = new HttpClient { BaseAddress = Sandbox.Endpoint };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Sandbox.TokenOf(person));
        using var response = await http.PostAsJsonAsync("/api/2.0/sql/statements", new { statement = query, warehouse_id = Sandbox.WarehouseId, wait_timeout = "50s" });
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        var answer = JsonElement.Parse(text);
        var status = answer.GetProperty("status");
        if (status.GetProperty("state").GetString() != "SUCCEEDED")
        {
            status.ToString().ShouldMatch("INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED", $"{person}: {query}");
            return null;
        }

        return answer.GetProperty("result").TryGetProperty("data_array", out var rows)
            ? [.. rows.EnumerateArray().Select(static r => r.EnumerateArray().Select(static v => v.GetString()).ToArray())]
            : [];
    }

    /// <summary>Whether somebody may read a table, by reading it.</summary>
    public async Task<bool> MayReadAsync(string person, string table) => await ReadAsync(person, $"SELECT count(*) FROM {Named(table)}") is not null;

    /// <summary>What is granted on a table itself, by principal and privilege, as an administrator sees it; Sluice's own left out.</summary>
    public async Task<List<string>> GrantsAsync(string table)
    {
        var names = table.Split('/');
        var rows = await ReadAsync(
            SandboxCast.Administrator,
            $"SELECT grantee || ' ' || privilege_type FROM system.information_schema.table_privileges WHERE table_catalog = '{Catalog}' AND table_schema = '{names[0]}' AND table_name = '{names[1]}' AND (inherited_from IS NULL OR inherited_from = 'NONE') AND grantee <> '{Sandbox.ClientId}'");
        return [.. rows!.Select(static r => r[0]!).Order(StringComparer.Ordinal)];
    }

    /// <summary>A table as SQL names it.</summary>
    public static string Named(string table) => $"`{Catalog}`.{string.Join('.', table.Split('/').Select(static n => $"`{n}`"))}";

    /// <summary>kill -9, and a new start.</summary>
    public async Task KillAsync()
    {
        await ((ServerProcess)Server).KillAsync();
        await Server.DisposeAsync();
        Server = await ServerProcess.StartAsync(Server.Directory);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
