using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Cli.Demo;

/// <summary>Databricks Unity Catalog, by its stand-in.</summary>
internal sealed class DatabricksDemo(DatabricksSandbox sandbox) : IReadableDemo
{
    private const string Key = "demo-databricks";

    public string Shown => $"Databricks metastore {sandbox.MetastoreId} ({sandbox.Endpoint} stands in for a workspace)";

    public string ConnectionKey => Key;

    public ObjectPath Activated { get; } = new(Key, "sales");

    public ObjectPath Table { get; } = new(Key, "sales", "orders", "orders");

    public string Masked => "country";

    public JsonObject? ScriptRequest => new() { ["type"] = "Databricks", ["autoBootstrap"] = false, ["config"] = Config() };

    private string Host => $"{sandbox.Endpoint.Scheme}://{sandbox.Endpoint.Host}";

    public static async Task<DatabricksDemo> StartAsync(CancellationToken cancellationToken) =>
        new(await DatabricksSandbox.StartAsync(new DatabricksSandboxOptions(), cancellationToken));

    // In a script each statement ends its line. What is behind hyphens is for whoever owns a catalog, and the stand-in's have granted it.
    public Task RunScriptAsync(string script, CancellationToken cancellationToken)
    {
        var code = string.Join('\n', script.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)));
        try
        {
            sandbox.Change(code.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
        catch (ArgumentException e)
        {
            throw new DemoFailedException($"The script of Databricks failed: {e.Message}");
        }

        return Task.CompletedTask;
    }

    public string Introduce(string reader)
    {
        var user = UserOf(reader);
        sandbox.SetPrincipal(new SandboxPrincipal { Name = user });
        return user;
    }

    public async Task<IReadOnlyList<string>?> ReadAsync(string reader, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = sandbox.Endpoint };
        http.DefaultRequestHeaders.Authorization = new("Bearer", sandbox.TokenOf(UserOf(reader)));
        var query = new JsonObject { ["statement"] = "SELECT country FROM sales.orders.orders ORDER BY order_id LIMIT 3", ["warehouse_id"] = sandbox.WarehouseId, ["wait_timeout"] = "50s" };
        using var response = await http.PostAsJsonAsync("/api/2.0/sql/statements", query, cancellationToken);
        var answer = (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
        if (answer["status"]?["state"]?.GetValue<string>() != "SUCCEEDED") return null;
        return [.. answer["result"]!["data_array"]!.AsArray().Select(static r => r![0]?.GetValue<string>() ?? "NULL")];
    }

    public JsonObject Registration()
    {
        var connection = new JsonObject { ["technology"] = "Databricks", ["hostname"] = Host };
        AddMembers(connection);
        return new JsonObject
        {
            ["connectionKey"] = Key,
            ["connection"] = connection,
            ["settings"] = new JsonObject { ["isActive"] = false },
            ["options"] = new JsonObject { ["forceRecursiveCrawl"] = true },
            ["nativeIntegration"] = new JsonObject { ["type"] = "Databricks", ["autoBootstrap"] = false, ["unityCatalog"] = true, ["config"] = Config() },
        };
    }

    public ValueTask DisposeAsync() => sandbox.DisposeAsync();

    private static string UserOf(string reader) => $"{reader}@demo.example";

    private JsonObject Config()
    {
        var config = new JsonObject { ["host"] = Host, ["catalog"] = "sluice", ["audit"] = new JsonObject { ["enabled"] = true } };
        AddMembers(config);
        return config;
    }

    private void AddMembers(JsonObject members)
    {
        members["port"] = sandbox.Endpoint.Port;
        members["httpPath"] = $"/sql/1.0/warehouses/{sandbox.WarehouseId}";
        members["authenticationType"] = "oAuthM2M";
        members["oAuthClientConfig"] = new JsonObject
        {
            ["useCertificate"] = false,
            ["clientId"] = sandbox.ClientId,
            ["clientSecret"] = sandbox.ClientSecret,
            ["scope"] = "all-apis",
            ["authorityUrl"] = $"{sandbox.Endpoint}oidc/v1/token",
        };
    }
}
