using System.Text.Json;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Databricks.Connections;

/// <summary>A <c>connection</c> object of technology Databricks, its secret kept apart.</summary>
internal sealed record DatabricksConnection
{
    /// <summary>The two documented values of <c>authenticationType</c>.</summary>
    public const string Token = "token";

    /// <inheritdoc cref="Token"/>
    public const string OAuthM2M = "oAuthM2M";

    /// <summary>The path of the secret with <see cref="Token"/>.</summary>
    public const string TokenMember = "token";

    /// <summary>The path of the secret with <see cref="OAuthM2M"/>.</summary>
    public const string ClientSecretMember = "oAuthClientConfig.clientSecret";

    /// <summary>The workspace.</summary>
    public required EndpointHost Host { get; init; }

    /// <summary>Its port; 443 but for proxies and stand-ins.</summary>
    public required int Port { get; init; }

    /// <summary>What runs SQL.</summary>
    public required ComputePath Compute { get; init; }

    /// <summary>With <see cref="OAuthM2M"/>.</summary>
    public ClientCredentials? Client { get; init; }

    /// <summary>How it authenticates.</summary>
    public string AuthenticationType => Client is null ? Token : OAuthM2M;

    /// <summary>The path of its secret.</summary>
    public string SecretMember => Client is null ? TokenMember : ClientSecretMember;

    /// <summary>Where requests go.</summary>
    public Uri Address => Host.Address(Port);

    /// <summary>
    /// Where the secret goes, canonical. The client id is part of it: its secret belongs to it alone. As JSON, so that no value can pass for two.
    /// </summary>
    public string SecretDestination => JsonSerializer.Serialize(new[]
    {
        "Databricks", AuthenticationType, Host.Text, $"{Port}", Client?.Authority.AbsoluteUri ?? "", Client?.ClientId ?? "",
    });

    /// <summary>The canonical document: documented members in the documented order, no secret.</summary>
    public JsonElement ToDocument() => Json.Build(json =>
    {
        json.WriteString("technology", "Databricks");
        json.WriteString("hostname", Host.Text);
        json.WriteNumber("port", Port);
        json.WriteString("httpPath", Compute.Text);
        json.WriteString("authenticationType", AuthenticationType);
        WriteClient(json);
    });

    /// <summary>Writes <c>oAuthClientConfig</c> where there is one.</summary>
    public void WriteClient(Utf8JsonWriter json)
    {
        if (Client is null) return;
        json.WriteStartObject("oAuthClientConfig");
        json.WriteBoolean("useCertificate", false);
        json.WriteString("clientId", Client.ClientId);
        json.WriteString("scope", Client.Scope);
        json.WriteString("authorityUrl", Client.Authority.AbsoluteUri);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="ToDocument"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">The document was not written by it, or the operator no longer allows its host.</exception>
    public static DatabricksConnection FromDocument(JsonElement document, EgressGuard egress)
    {
        var host = EndpointHost.Parse(document.GetProperty("hostname").GetString()!, egress, WorkspaceHost.Suffixes, out var problem);
        return new DatabricksConnection
        {
            Host = host ?? throw new InvalidOperationException($"The stored hostname {problem}."),
            Port = document.GetProperty("port").GetInt32(),
            Compute = ComputePath.Parse(document.GetProperty("httpPath").GetString()!) ?? throw new InvalidOperationException("The stored httpPath is none."),
            Client = document.TryGetProperty("oAuthClientConfig", out var client)
                ? new ClientCredentials(
                    client.GetProperty("clientId").GetString()!,
                    client.GetProperty("scope").GetString()!,
                    new Uri(client.GetProperty("authorityUrl").GetString()!))
                : null,
        };
    }
}
