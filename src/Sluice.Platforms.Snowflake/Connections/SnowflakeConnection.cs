using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Connections;
using Sluice.Platforms.Egress;
using Sluice.Platforms.OAuth;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>A <c>connection</c> object of technology Snowflake, its secrets apart.</summary>
internal sealed record SnowflakeConnection
{
    /// <summary>Where Snowflake listens.</summary>
    public const int DefaultPort = 443;

    public required string AuthenticationType { get; init; }

    public required EndpointHost Host { get; init; }

    public required int Port { get; init; }

    /// <summary>The account's name in logins where the host does not begin with it (ours: a proxy, a stand-in).</summary>
    public string? AccountName { get; init; }

    /// <summary>The warehouse as spelled.</summary>
    public required string Warehouse { get; init; }

    /// <summary>The role of the crawl as spelled.</summary>
    public required string Role { get; init; }

    /// <summary>The user as spelled; null with OAuth, where the token names it.</summary>
    public string? Username { get; init; }

    public KeyFile? PrivateKey { get; init; }

    public ExternalClient? OAuth { get; init; }

    /// <summary>Where requests go.</summary>
    public Uri Address => Host.Address(Port);

    /// <summary>The account as logins name it.</summary>
    public string Account => AccountName ?? AccountHost.AccountOf(Host);

    /// <summary>
    /// Where the secrets go, canonical. The user and the client are part of it: another one has another secret. As JSON, so that no name can
    /// pass for two.
    /// </summary>
    public string SecretDestination() => JsonSerializer.Serialize(new[]
    {
        Technology.Snowflake.Name, AuthenticationType, Address.AbsoluteUri, Account,
        Username is null ? "" : SnowflakeName.Stored(Username).Text, OAuth?.AuthorityUrl.AbsoluteUri ?? "", OAuth?.ClientId ?? "",
    });

    /// <summary>The canonical document: documented members in the documented order, defaults spelled out, no secret.</summary>
    public JsonElement ToDocument()
    {
        var document = new JsonObject
        {
            ["technology"] = Technology.Snowflake.Name,
            ["hostname"] = Host.Text,
            ["port"] = Port,
            ["warehouse"] = Warehouse,
            ["role"] = Role,
            ["authenticationType"] = AuthenticationType,
        };
        if (AccountName is not null) document["account"] = AccountName;
        WriteCredentials(document, provider: null);
        return JsonSerializer.SerializeToElement(document);
    }

    /// <summary>The members that say who logs in and how, which a native integration repeats.</summary>
    public void WriteCredentials(JsonObject document, string? provider)
    {
        if (Username is not null) document["username"] = Username;
        if (PrivateKey is not null) document["privateKey"] = KeyMembers(PrivateKey);
        if (OAuth is null) return;
        var client = new JsonObject();
        if (provider is not null) client["provider"] = provider;
        client["useCertificate"] = OAuth.UseCertificate;
        client["clientId"] = OAuth.ClientId;
        client["authorityUrl"] = OAuth.AuthorityUrl.AbsoluteUri;
        client["scope"] = OAuth.Scope;
        if (OAuth.Thumbprint is not null) client["publicCertificateThumbprint"] = OAuth.Thumbprint.Hex;
        if (OAuth.Resource is not null) client["resource"] = OAuth.Resource;
        if (OAuth.PrivateKey is not null) client["oauthPrivateKey"] = KeyMembers(OAuth.PrivateKey);
        document["oAuthClientConfig"] = client;
    }

    /// <summary>Reads what <see cref="ToDocument"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">The document was not written by it, or its host is not allowed any more.</exception>
    public static SnowflakeConnection FromDocument(JsonElement document, EgressGuard egress)
    {
        return new SnowflakeConnection
        {
            AuthenticationType = Text(document, "authenticationType")!,
            Host = EndpointHost.Parse(Text(document, "hostname")!, egress, AccountHost.Suffixes, out var problem)
                ?? throw new InvalidOperationException($"The stored host {problem}."),
            Port = document.GetProperty("port").GetInt32(),
            AccountName = Text(document, "account"),
            Warehouse = Text(document, "warehouse")!,
            Role = Text(document, "role")!,
            Username = Text(document, "username"),
            PrivateKey = Key(document, "privateKey"),
            OAuth = document.TryGetProperty("oAuthClientConfig", out var client)
                ? new ExternalClient
                {
                    ClientId = Text(client, "clientId")!,
                    AuthorityUrl = new Uri(Text(client, "authorityUrl")!),
                    UseCertificate = client.GetProperty("useCertificate").GetBoolean(),
                    Scope = Text(client, "scope")!,
                    Thumbprint = Text(client, "publicCertificateThumbprint") is { } hex ? Thumbprint.Parse(hex) : null,
                    Resource = Text(client, "resource"),
                    PrivateKey = Key(client, "oauthPrivateKey"),
                }
                : null,
        };
    }

    private static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static KeyFile? Key(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var key) ? new KeyFile(Text(key, "keyName")!, Text(key, "userFilename")) : null;

    private static JsonObject KeyMembers(KeyFile key)
    {
        var members = new JsonObject { ["keyName"] = key.KeyName };
        if (key.UserFilename is not null) members["userFilename"] = key.UserFilename;
        return members;
    }
}
