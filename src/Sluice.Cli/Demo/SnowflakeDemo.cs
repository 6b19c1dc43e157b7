using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Sandbox.Snowflake;

namespace Sluice.Cli.Demo;

/// <summary>Snowflake, by its stand-in.</summary>
internal sealed class SnowflakeDemo(SnowflakeSandbox sandbox) : IDemoPlatform
{
    private const string Key = "demo-snowflake";

    public string Shown => $"Snowflake account {sandbox.AccountIdentifier} ({sandbox.Endpoint} stands in for Snowflake)";

    public string ConnectionKey => Key;

    public ObjectPath Activated { get; } = new(Key, "SALES");

    public JsonObject? ScriptRequest => new() { ["type"] = "Snowflake", ["autoBootstrap"] = false, ["config"] = Config() };

    // A name of this machine whose first label is the account's, as it is in Snowflake's own host names.
    private string Host => $"http://{sandbox.AccountIdentifier.ToLowerInvariant()}.localhost";

    public static async Task<SnowflakeDemo> StartAsync(CancellationToken cancellationToken) =>
        new(await SnowflakeSandbox.StartAsync(new SnowflakeSandboxOptions(), cancellationToken));

    // As a worksheet does it: log in, and send the statements in one go.
    public async Task RunScriptAsync(string script, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = sandbox.Endpoint };
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        var (user, password) = (SnowflakeSandbox.AdministratorName, sandbox.PasswordOf(SnowflakeSandbox.AdministratorName));
        var login = await PostAsync("/session/v1/login-request", new() { ["data"] = new JsonObject { ["LOGIN_NAME"] = user, ["PASSWORD"] = password } });
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Snowflake Token=\"{login["data"]!["token"]!.GetValue<string>()}\"");
        var all = new JsonObject { ["MULTI_STATEMENT_COUNT"] = 0 };
        await PostAsync("/queries/v1/query-request?requestId=00000000-0000-4000-8000-000000000001", new() { ["sqlText"] = script, ["parameters"] = all });

        async Task<JsonNode> PostAsync(string path, JsonObject body)
        {
            using var response = await http.PostAsJsonAsync(path, body, cancellationToken);
            var answer = await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
            return answer!["success"]!.GetValue<bool>() ? answer : throw new DemoFailedException($"The script of Snowflake failed: {answer["message"]}");
        }
    }

    public JsonObject Registration()
    {
        var connection = new JsonObject
        {
            ["technology"] = "Snowflake",
            ["hostname"] = Host,
            ["port"] = sandbox.Endpoint.Port,
            ["warehouse"] = SnowflakeSandbox.WarehouseName,
            ["role"] = SnowflakeSandbox.ServiceRoleName,
        };
        AddLogin(connection);
        return new JsonObject
        {
            ["connectionKey"] = Key,
            ["connection"] = connection,
            ["settings"] = new JsonObject { ["isActive"] = false },
            ["options"] = new JsonObject { ["forceRecursiveCrawl"] = true },
            ["nativeIntegration"] = new JsonObject { ["type"] = "Snowflake", ["autoBootstrap"] = false, ["config"] = Config() },
        };
    }

    public ValueTask DisposeAsync() => sandbox.DisposeAsync();

    private JsonObject Config()
    {
        var config = new JsonObject
        {
            ["host"] = Host,
            ["port"] = sandbox.Endpoint.Port,
            ["warehouse"] = SnowflakeSandbox.WarehouseName,
            ["database"] = "SLUICE",
            ["audit"] = new JsonObject { ["enabled"] = true },
        };
        AddLogin(config);
        return config;
    }

    private void AddLogin(JsonObject members)
    {
        members["authenticationType"] = "userPassword";
        members["username"] = SnowflakeSandbox.ServiceName;
        members["password"] = sandbox.PasswordOf(SnowflakeSandbox.ServiceName);
    }
}
