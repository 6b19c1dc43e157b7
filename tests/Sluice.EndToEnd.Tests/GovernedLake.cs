using System.Text.Json.Nodes;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Identity;
using Sluice.Sandbox.Aws.Tests;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>A server that enforces policies on the database <c>sales</c> of the AWS stand-in, and people whose access is looked at there.</summary>
internal sealed class GovernedLake : IAsyncDisposable
{
    public const string Key = "lake";
    public const string Database = "sales";

    /// <summary>The people that the stand-in knows.</summary>
    public static readonly string[] People = ["ada", "ben", "cat", "dan", "eve"];

    /// <summary>Tables with a column email come first.</summary>
    public static readonly string[] Tables =
    [
        "customers", "customers_emea", "customers_amer", "customer_addresses", "orders", "order_items", "order_events", "returns", "products", "price_lists",
        "opportunities", "sales_targets",
    ];

    /// <summary>The requests that change grants or LF-Tags.</summary>
    public static readonly string[] Writes =
    [
        "BatchGrantPermissions", "BatchRevokePermissions", "AddLFTagsToResource", "RemoveLFTagsFromResource", "CreateLFTag", "UpdateLFTag", "DeleteLFTag",
    ];

    private readonly SigningClient _administrator;

    private GovernedLake(AwsSandbox aws, TestServer server)
    {
        Aws = aws;
        Server = server;
        _administrator = new SigningClient(aws.Endpoint, aws.AdministratorCredentials);
    }

    public AwsSandbox Aws { get; }

    public TestServer Server { get; private set; }

    /// <summary>How many writing requests the stand-in has met.</summary>
    public long Written => Writes.Sum(w => Aws.Requests.Of($"lakeformation:{w}"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts both, registers the stand-in, activates <see cref="Database"/>, and makes everybody's account.</summary>
    /// <param name="grants">With <see cref="ServiceGrants.Super"/> LF-Tags may be assigned; with the documented ones everything is granted by name.</param>
    /// <param name="groups">Groups by name, with their members.</param>
    /// <param name="asProcess">Whether the server will be ended or killed.</param>
    public static async Task<GovernedLake> StartAsync(ServiceGrants grants, IReadOnlyDictionary<string, string[]> groups, bool asProcess = false)
    {
        var aws = await AwsSandbox.StartAsync(
            new AwsSandboxOptions { ServiceGrants = grants, Principals = [.. People.Select(static p => new SandboxPrincipal { Name = p, Allow = ["glue:Get*"] })] }, Token);
        var lake = new GovernedLake(aws, await TestServer.StartAsync(asProcess));
        using var api = lake.Server.Api();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.GlueAccessKey(aws, Key)));
        await SucceedAsync(api.PutAsync($"/data/connection/{Key}", """{"settings": {"guard": {"maxLost": 100000, "maxGained": 100000}}}"""));
        await api.CompleteAsync((await api.PutAsync($"/data/settings/{Key}/{Database}", """{"isActive": true}""")).Json["bulkId"]!.GetValue<string>());
        foreach (var name in People.Union(groups.Values.SelectMany(static m => m)))
        {
            await SucceedAsync(api.PostAsync("/api/v1/users", $$"""{"username": "{{name}}"}"""));
            await SucceedAsync(api.PostAsync($"/api/v1/users/{name}/identities", $$"""{"connectionKey": "{{Key}}", "name": "{{lake.ArnOf(name)}}"}"""));
        }

        foreach (var (group, members) in groups)
        {
            await SucceedAsync(api.PostAsync("/api/v1/groups", $$"""{"name": "{{group}}"}"""));
            await MembersAsync(api, group, members);
        }

        return lake;
    }

    public string ArnOf(string person) => $"arn:aws:iam::{Aws.AccountId}:user/{person}";

    public static Task MembersAsync(Api api, string group, IEnumerable<string> members) => SucceedAsync(
        api.PutAsync($"/api/v1/groups/{group}/members", new JsonObject { ["users"] = new JsonArray([.. members.Select(static m => JsonValue.Create(m))]), ["groups"] = new JsonArray() }.ToJsonString()));

    public static Task PutAsync(Api api, string policies) => SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", policies, "application/yaml"));

    public static Task ModeAsync(Api api, string mode) => SucceedAsync(api.PutAsync($"/data/connection/{Key}", $$$"""{"settings": {"mode": "{{{mode}}}"}}"""));

    /// <summary>Has the server look at the platform again, before the time for that has come: after a crawl it does.</summary>
    public static async Task LookAsync(Api api) => await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, $"/data/crawl/{Key}/{Database}/{Tables[0]}", null));

    /// <summary>A policy by which a group reads some tables.</summary>
    public static string Reading(string group, IEnumerable<string> tables) => $$$"""
        policyKey: {{{group.ToLowerInvariant()}}}
        name: {{{group}}} read tables of theirs
        type: subscription
        circumstanceOperator: any
        circumstances: [{{{string.Join(", ", tables.Select(static t => $"{{type: objectPath, path: [{Key}, {Database}, {t}]}}"))}}}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [{{{group}}}]}}
        """;

    /// <summary>A policy by which nobody sees columns named email but a group.</summary>
    public static string Masking(string exempt, bool isStaged) => $$$"""
        policyKey: mask
        name: Addresses are for a few
        type: data
        staged: {{{(isStaged ? "true" : "false")}}}
        circumstances: [{type: objectPath, path: [{{{Key}}}, {{{Database}}}]}]
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnRegex, regex: "^email$"}], maskingConfig: {type: "Null"}}
                exceptions: {operator: any, groups: [{{{exempt}}}]}
        """;

    /// <summary>The columns that somebody may read of a table; null when the table is hidden from them.</summary>
    public IReadOnlyList<string>? Seen(string person, string table) => Aws.ColumnsSeenBy(person, Database, table);

    /// <summary>Calls Lake Formation as the data lake's administrator.</summary>
    public async Task<JsonNode> AdministrateAsync(string operation, JsonNode body) =>
        JsonNode.Parse((await _administrator.Lake(operation, body)).ShouldSucceed().Body)!;

    /// <summary>Every grant there is and every LF-Tag, but for the count of applies, as the administrator sees them.</summary>
    public async Task<List<string>> GrantsAsync()
    {
        var seen = new List<string>();
        await foreach (var permission in ListAsync("ListPermissions", "PrincipalResourcePermissions"))
            seen.Add($"{permission["Principal"]!.ToJsonString()} {permission["Resource"]!.ToJsonString()} {permission["Permissions"]!.ToJsonString()} {permission["PermissionsWithGrantOption"]!.ToJsonString()}");
        await foreach (var tag in ListAsync("ListLFTags", "LFTags"))
            if (tag["TagKey"]!.GetValue<string>() != "sluice_epoch") seen.Add(tag.ToJsonString());
        seen.Sort(StringComparer.Ordinal);
        return seen;
    }

    /// <summary>kill -9, and a new start.</summary>
    public async Task KillAsync()
    {
        await ((ServerProcess)Server).KillAsync();
        await RestartAsync();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> TerminateAsync() => ((ServerProcess)Server).TerminateAsync();

    /// <summary>A new start after the end.</summary>
    public async Task RestartAsync()
    {
        await Server.DisposeAsync();
        Server = await ServerProcess.StartAsync(Server.Directory);
    }

    public async ValueTask DisposeAsync()
    {
        _administrator.Dispose();
        await Server.DisposeAsync();
        await Aws.DisposeAsync();
    }

    private async IAsyncEnumerable<JsonNode> ListAsync(string operation, string member)
    {
        string? token = null;
        do
        {
            var page = await AdministrateAsync(operation, token is null ? new JsonObject() : new JsonObject { ["NextToken"] = token });
            foreach (var item in page[member]!.AsArray()) yield return item!;
            token = page["NextToken"]?.GetValue<string>();
        }
        while (token is not null);
    }
}
