using System.Text.Json.Nodes;
using Sluice.Sandbox.Databricks;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// The documented payloads of Databricks, mended only where they are printed as no JSON, with the placeholders filled in for a stand-in on this machine.
/// </summary>
/// <param name="Sandbox">The workspace.</param>
/// <param name="Authentication">token or oAuthM2M.</param>
internal sealed record DatabricksPayloads(DatabricksSandbox Sandbox, string Authentication)
{
    public const string Token = "token";
    public const string OAuthM2M = "oAuthM2M";

    /// <summary>A cluster's path in place of the warehouse's.</summary>
    public bool OnCluster { get; init; }

    public string Catalog { get; init; } = "sluice_home";

    /// <summary>Where tokens come from; below the workspace when null.</summary>
    public string? Authority { get; init; }

    public string? Secret { get; init; }

    public string Host => Sandbox.Endpoint.Scheme == Uri.UriSchemeHttp ? $"http://{Sandbox.Endpoint.Host}" : Sandbox.Endpoint.Host;

    public string HttpPath => OnCluster ? $"sql/protocolv1/o/{Sandbox.WorkspaceId}/{Sandbox.ClusterId}" : $"/sql/1.0/warehouses/{Sandbox.WarehouseId}";

    private string Credentials => Authentication == Token
        ? $"""
            "authenticationType": "token",
            "token": "{Secret ?? Sandbox.Token}"
            """
        : $$"""
            "authenticationType": "oAuthM2M",
            "oAuthClientConfig": {
            "useCertificate": false,
            "clientId": "{{Sandbox.ClientId}}",
            "clientSecret": "{{Secret ?? Sandbox.ClientSecret}}",
            "scope": "all-apis",
            "authorityUrl": "{{Authority ?? $"{Sandbox.Endpoint}oidc/v1/token"}}"
            }
            """;

    /// <summary>POST /integrations/scripts/create.</summary>
    public string Script(bool isAudited = true) =>
        $$"""
        {
        "type": "Databricks",
        "autoBootstrap": false,
        "config": {
        "workspaceUrl": "{{Host}}",
        "httpPath": "{{HttpPath}}",
        {{Credentials}},
        "catalog": "{{Catalog}}",
        "groupPattern": { "deny": "data-engineers" },
        "audit": {"enabled": {{(isAudited ? "true" : "false")}}}
        }
        }
        """;

    /// <summary>POST and PUT /data/connection.</summary>
    public string Registration(string key) =>
        $$"""
        {
        "connectionKey": "{{key}}",
        "connection": {
        "technology": "Databricks",
        "hostname": "{{Host}}",
        "port": {{Sandbox.Endpoint.Port}},
        "httpPath": "{{HttpPath}}",
        {{Credentials}}
        },
        "settings": {
        "isActive": false
        },
        "options": {
        "forceRecursiveCrawl": true
        },
        "nativeIntegration": {
        "type": "Databricks",
        "autoBootstrap": false,
        "unityCatalog": true,
        "config": {
        {{Credentials}},
        "host": "{{Host}}",
        "port": {{Sandbox.Endpoint.Port}},
        "catalog": "{{Catalog}}",
        "audit": { "enabled": true },
        "workspaceIds": ["{{Sandbox.WorkspaceId}}", "2371490012345679"],
        "enableNativeQueryParsing": false,
        "groupPattern": { "deny": "data-engineers" },
        "jobConfig": {
        "workspaceDirectoryPath": "/Workspace/Artifacts",
        "jobClusterId": "undefined"
        }
        }
        }
        }
        """;

    /// <summary>The registration with the script's own config for nativeIntegration.config, as it was sent.</summary>
    public string RegistrationWithScriptsConfig(string key) => With(key, native => native["config"] = JsonNode.Parse(Script())!["config"]!.DeepClone());

    /// <summary>The registration with a changed native integration.</summary>
    public string With(string key, Action<JsonObject> change)
    {
        var body = JsonNode.Parse(Registration(key))!;
        change(body["nativeIntegration"]!.AsObject());
        return body.ToJsonString();
    }
}
