using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Databricks.Connections;

/// <summary>Reads a <c>connection</c> and the <c>nativeIntegration</c> beside it, without any I/O and to the last problem.</summary>
internal sealed class ConnectionReader(EgressGuard egress)
{
    /// <summary>The connection with its secret apart, or null after a problem in the payload's list.</summary>
    public ConnectionSpec? Read(PayloadObject payload, PayloadObject? nativeIntegration, ConnectionSpec? stored)
    {
        var before = payload.Problems.Count;
        var credentials = CredentialMembers.Read(payload, egress);
        var read = ReadMembers(payload);
        var connection = Connect(read, credentials);
        RequireSecret(payload, credentials, connection, stored);
        payload.RejectUnread();
        var settings = nativeIntegration is null ? Kept(payload, stored) : ReadIntegration(payload, nativeIntegration, credentials, read, stored);
        if (connection is null || settings is null || payload.Problems.Count > before) return null;
        return new ConnectionSpec
        {
            Technology = Technology.Databricks,
            AuthenticationType = connection.AuthenticationType,
            Document = connection.ToDocument(),
            Integration = settings.ToDocument(connection),
            Secrets = new Dictionary<string, SecretInput>(StringComparer.Ordinal) { [connection.SecretMember] = credentials.Secret },
            SecretDestination = connection.SecretDestination,
        };
    }

    private ReadFacts ReadMembers(PayloadObject payload)
    {
        if (payload.RequiredString("technology") is { } technology && technology != Technology.Databricks.Name)
            payload.Reject("technology", $"must be {Technology.Databricks}");
        var host = payload.RequiredString("hostname") is { } text ? ConfigMembers.ReadHost(payload, "hostname", text, egress) : null;
        var port = payload.OptionalInteger("port", 1, 65535);
        if (!payload.Has("port")) payload.Reject("port", "is required; a workspace answers at 443");
        var compute = payload.RequiredString("httpPath") is { } path ? ConfigMembers.ReadCompute(payload, path) : null;
        return new ReadFacts(host, port, compute);
    }

    private static DatabricksConnection? Connect(ReadFacts read, CredentialMembers credentials)
    {
        if (read is not { Host: { } host, Port: { } port, Compute: { } compute } || credentials.Type is null) return null;
        if (credentials.Type == DatabricksConnection.OAuthM2M && credentials.ClientId is null) return null;
        return new DatabricksConnection
        {
            Host = host,
            Port = port,
            Compute = compute,
            Client = credentials.ClientId is { } id ? new ClientCredentials(id, credentials.Scope ?? ClientCredentials.DefaultScope, credentials.Authority ?? OwnTokenEndpoint(host, port)) : null,
        };
    }

    // Documented for OAuth M2M: https://docs.databricks.com/dev-tools/auth/oauth-m2m.
    public static Uri OwnTokenEndpoint(EndpointHost host, int port) => new(host.Address(port), "oidc/v1/token");

    private static void RequireSecret(PayloadObject payload, CredentialMembers credentials, DatabricksConnection? connection, ConnectionSpec? stored)
    {
        if (credentials.Secret is not SecretInput.Kept || credentials.Type is null) return;
        if (stored is null || !stored.Secrets.ContainsKey(credentials.SecretMember)) payload.Reject(credentials.SecretMember, "is required");
        else if (connection is not null && connection.SecretDestination != stored.SecretDestination)
            payload.Reject(credentials.SecretMember, "must be brought again: the update changes where it goes");
    }

    // What has to be the same as in the connection is written anew from the connection.
    private static IntegrationSettings? Kept(PayloadObject payload, ConnectionSpec? stored)
    {
        if (stored?.Integration is { } integration) return IntegrationSettings.FromDocument(integration);
        payload.Problems.Add("$.nativeIntegration", "is required");
        return null;
    }

    private IntegrationSettings? ReadIntegration(
        PayloadObject payload, PayloadObject native, CredentialMembers credentials, ReadFacts connection, ConnectionSpec? stored)
    {
        if (native.RequiredString("type") is { } type && type != Technology.Databricks.Name)
            native.Reject("type", $"must be {Technology.Databricks}, the same as {payload.PathOf("technology")}");
        Expect(native, "autoBootstrap", false, "must be false: the setup script is run by a person");
        Expect(native, "unityCatalog", true, "must be true: only Unity Catalog is governed");
        var config = native.RequiredObject("config");
        var members = ConfigMembers.Read(config, egress);
        native.RejectUnread();
        new SameFacts(payload, config, credentials, members, stored).Check(connection);
        return members.Settings;
    }

    private static void Expect(PayloadObject native, string member, bool expected, string problem)
    {
        if (!native.Has(member)) native.Reject(member, "is required");
        else if (native.OptionalBoolean(member) is { } value && value != expected) native.Reject(member, problem);
    }
}
