using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Sandbox.Snowflake;

namespace Sluice.Cli.Demo;

/// <summary>Snowflake, by its stand-in.</summary>
internal sealed class SnowflakeDemo(SnowflakeSandbox sandbox) : IReadableDemo
{
    private const string Key = "demo-snowflake";

    public string Shown => $"Snowflake account {sandbox.AccountIdentifier} ({sandbox.Endpoint} stands in for Snowflake)";

    public string ConnectionKey => Key;

    public ObjectPath Activated { get; } = new(Key, "SALES");

    public ObjectPath Table { get; } = new(Key, "SALES", "CRM", "CUSTOMERS");

    public string Masked => "EMAIL";

    public JsonObject? ScriptRequest => new() { ["type"] = "Snowflake", ["autoBootstrap"] = false, ["config"] = Config() };

    // A name of this machine whose first label is the account's, as it is in Snowflake's own host names.
    private string Host => $"http://{sandbox.AccountIdentifier.ToLowerInvariant()}.localhost";

    public static async Task<SnowflakeDemo> StartAsync(CancellationToken cancellationToken) =>
        new(await SnowflakeSandbox.StartAsync(new SnowflakeSandboxOptions(), cancellationToken));

    // As a worksheet does it: log in, and send the statements in one go.
    public async Task RunScriptAsync(string script, CancellationToken cancellationToken)
    {
        using var http = await LogInAsync(SnowflakeSandbox.AdministratorName, cancellationToken);
        var all = new JsonObject { ["MULTI_STATEMENT_COUNT"] = 0 };
        var answer = await RunAsync(http, new JsonObject { ["sqlText"] = script, ["parameters"] = all }, cancellationToken);
        if (!answer["success"]!.GetValue<bool>()) throw new DemoFailedException($"The script of Snowflake failed: {answer["message"]}");
    }

    public string Introduce(string reader)
    {
        var user = reader.ToUpperInvariant();
        sandbox.Change($"CREATE USER {user} PASSWORD = '{reader}-of-the-demo' DEFAULT_WAREHOUSE = '{SnowflakeSandbox.WarehouseName}'", $"GRANT USAGE ON WAREHOUSE {SnowflakeSandbox.WarehouseName} TO ROLE PUBLIC");
        return user;
    }

    public async Task<IReadOnlyList<string>?> ReadAsync(string reader, CancellationToken cancellationToken)
    {
        using var http = await LogInAsync(reader.ToUpperInvariant(), cancellationToken);
        var answer = await RunAsync(http, new JsonObject { ["sqlText"] = "SELECT EMAIL FROM SALES.CRM.CUSTOMERS ORDER BY CUSTOMER_ID LIMIT 3" }, cancellationToken);
        return answer["success"]!.GetValue<bool>() ? [.. answer["data"]!["rowset"]!.AsArray().Select(static r => r![0]?.GetValue<string>() ?? "NULL")] : null;
    }

    private async Task<HttpClient> LogInAsync(string user, CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = sandbox.Endpoint };
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        var login = await PostAsync(
            http, "/session/v1/login-request", new() { ["data"] = new JsonObject { ["LOGIN_NAME"] = user, ["PASSWORD"] = sandbox.PasswordOf(user) } }, cancellationToken);
        if (!login["success"]!.GetValue<bool>()) throw new DemoFailedException($"{user} can't log in to Snowflake's stand-in: {login["message"]}");
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Snowflake Token=\"{login["data"]!["token"]!.GetValue<string>()}\"");
        return http;
    }

    // One statement a session, so that its id may be the same in each.
    private static Task<JsonNode> RunAsync(HttpClient http, JsonObject query, CancellationToken cancellationToken) =>
        PostAsync(http, "/queries/v1/query-request?requestId=00000000-0000-4000-8000-000000000001", query, cancellationToken);

    private static async Task<JsonNode> PostAsync(HttpClient http, string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(path, body, cancellationToken);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
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
