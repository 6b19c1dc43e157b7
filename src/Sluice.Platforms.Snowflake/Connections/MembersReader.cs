using Sluice.Core.Payloads;
using Sluice.Platforms.Egress;
using Sluice.Platforms.OAuth;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>Which object of a payload is read: each prints the same facts in its own way.</summary>
internal enum Place
{
    /// <summary><c>$.connection</c> of a registration.</summary>
    Connection,

    /// <summary><c>$.nativeIntegration.config</c>: what it leaves out is the connection's.</summary>
    Integration,

    /// <summary><c>$.config</c> of a request for a script: no secret is needed, and none is looked at.</summary>
    Script,
}

/// <summary>Reads where the account is, who logs in and how: the facts that a connection, a native integration and a script request share.</summary>
internal sealed class MembersReader(PayloadObject payload, Place place, EgressGuard egress)
{
    private const string PrivateKeyName = "PRIV_KEY_FILE";
    private const string OAuthKeyName = "oauth client certificate";

    private readonly Members _members = new();

    private bool IsPartial => place == Place.Integration;

    /// <summary>The members; what has a problem is missing in them.</summary>
    public Members Read()
    {
        ReadAccount();
        var type = IsPartial || payload.RequiredString("authenticationType") is not null
            ? payload.OptionalChoice("authenticationType", AuthenticationTypes.All)
            : null;
        _members.AuthenticationType = Fact("authenticationType", payload.PathOf("authenticationType"), type);

        // All of them are read, so that a member of another type is a contradiction and not a misspelling.
        ReadUsername(type);
        ReadPassword(type);
        ReadPrivateKey(type);
        ReadOAuth(type);
        return _members;
    }

    /// <summary>A name of an object, checked; null after a problem.</summary>
    public static string? Name(PayloadObject payload, string member, string? spelled)
    {
        if (spelled is null) return null;
        if (SnowflakeName.Parse(spelled, out var problem) is not null) return spelled;
        payload.Reject(member, problem!);
        return null;
    }

    private void ReadAccount()
    {
        var member = place == Place.Connection ? "hostname" : "host";
        if ((IsPartial ? payload.OptionalString(member) : payload.RequiredString(member)) is { } spelled)
        {
            _members.Host = EndpointHost.Parse(spelled, egress, AccountHost.Suffixes, out var problem);
            if (problem is not null) payload.Reject(member, problem);
            Fact("hostname", payload.PathOf(member), _members.Host?.Text);
        }

        var port = payload.OptionalInteger("port", 1, 65535);
        if (port is not null || (place == Place.Connection && !payload.Has("port"))) _members.Port = port ?? SnowflakeConnection.DefaultPort;
        Fact("port", payload.PathOf("port"), _members.Port is { } number ? $"{number}" : null);

        var warehouse = IsPartial ? payload.OptionalString("warehouse") : payload.RequiredString("warehouse");
        _members.Warehouse = Name(payload, "warehouse", warehouse);
        Fact("warehouse", payload.PathOf("warehouse"), Canonical(_members.Warehouse));
    }

    private void ReadUsername(string? type)
    {
        var username = payload.OptionalString("username");
        if (type == AuthenticationTypes.OAuth) Contradicts("username", type);
        else if (type is not null && !IsPartial && !payload.Has("username")) payload.Reject("username", $"is required with authenticationType {type}");
        _members.Username = Name(payload, "username", username);
        Fact("username", payload.PathOf("username"), Canonical(_members.Username));
    }

    private void ReadPassword(string? type)
    {
        var given = Secret(payload, SecretPaths.Password, "password");
        if (type is AuthenticationTypes.KeyPair or AuthenticationTypes.OAuth) Contradicts("password", type);
        else if (given is { Input: SecretInput.Literal { Value: var value } } && value.Contains('\0')) payload.Reject("password", "holds a NUL character");
    }

    private void ReadPrivateKey(string? type)
    {
        if (type is AuthenticationTypes.UserPassword or AuthenticationTypes.OAuth)
        {
            Contradicts("privateKey", type);
            Contradicts("privateKeyPassword", type);
            return;
        }

        Secret(payload, SecretPaths.PrivateKeyPassword, "privateKeyPassword");
        _members.PrivateKey = ReadKey(payload, "privateKey", SecretPaths.PrivateKey, PrivateKeyName, "privateKey", isRequired: type is not null);
    }

    private void ReadOAuth(string? type)
    {
        if (type is AuthenticationTypes.UserPassword or AuthenticationTypes.KeyPair)
        {
            Contradicts("oAuthClientConfig", type);
            return;
        }

        if (type is not null && !IsPartial && !payload.Has("oAuthClientConfig"))
        {
            payload.Reject("oAuthClientConfig", $"is required with authenticationType {type}");
            return;
        }

        if (payload.OptionalObject("oAuthClientConfig") is not { } client) return;
        _members.OAuth = client;
        _members.ClientId = IsPartial ? client.OptionalString("clientId") : client.RequiredString("clientId");
        Fact("clientId", client.PathOf("clientId"), _members.ClientId);
        ReadAuthority(client);
        _members.Scope = client.OptionalString("scope") ?? (IsPartial || client.Has("scope") ? null : ExternalClient.DefaultScope);
        Fact("scope", client.PathOf("scope"), _members.Scope);
        _members.Resource = client.OptionalString("resource");
        Fact("resource", client.PathOf("resource"), _members.Resource);
        if (place != Place.Connection) _members.Provider = client.OptionalString("provider");

        var useCertificate = client.OptionalBoolean("useCertificate");
        var secret = Secret(client, SecretPaths.ClientSecret, "clientSecret");
        var hasCertificate = client.Has("publicCertificateThumbprint") || client.Has("oauthPrivateKey");
        _members.UseCertificate = useCertificate ?? (IsPartial || client.Has("useCertificate") ? null : hasCertificate && !secret.IsPresent);
        Fact("useCertificate", client.PathOf("useCertificate"), _members.UseCertificate?.ToString());
        ReadCertificate(client, secret);
    }

    private void ReadAuthority(PayloadObject client)
    {
        if ((IsPartial ? client.OptionalString("authorityUrl") : client.RequiredString("authorityUrl")) is not { } spelled) return;
        _members.AuthorityUrl = AuthorityUrl.Parse(spelled, egress, out var problem);
        if (problem is not null) client.Reject("authorityUrl", problem);
        Fact("authorityUrl", client.PathOf("authorityUrl"), _members.AuthorityUrl?.AbsoluteUri);
    }

    private void ReadCertificate(PayloadObject client, GivenSecret secret)
    {
        var uses = _members.UseCertificate;
        if (client.OptionalString("publicCertificateThumbprint") is { } spelled)
        {
            _members.Thumbprint = Thumbprint.Parse(spelled);
            if (_members.Thumbprint is null)
                client.Reject("publicCertificateThumbprint", "must be the SHA-1 or SHA-256 digest of the certificate, in hexadecimal or base64url");
            Fact("publicCertificateThumbprint", client.PathOf("publicCertificateThumbprint"), _members.Thumbprint?.Hex);
        }

        _members.OAuthKey = ReadKey(
            client, "oauthPrivateKey", SecretPaths.OAuthPrivateKey, OAuthKeyName, "oAuthClientConfig.oauthPrivateKey", isRequired: uses == true);
        if (uses == true)
        {
            if (secret.IsPresent) client.Reject("clientSecret", "contradicts useCertificate true");
            if (!IsPartial && !client.Has("publicCertificateThumbprint")) client.Reject("publicCertificateThumbprint", "is required with useCertificate true");
        }
        else if (uses == false)
        {
            foreach (var member in (string[])["publicCertificateThumbprint", "oauthPrivateKey"])
                if (client.Has(member)) client.Reject(member, "contradicts useCertificate false");
        }
    }

    /// <summary>A private key: the documented object; in a script's config, which may be pasted into an integration, the text alone.</summary>
    private KeyFile? ReadKey(PayloadObject owner, string member, string secretPath, string keyName, string fact, bool isRequired)
    {
        if (!owner.Has(member))
        {
            if (isRequired && place == Place.Connection) owner.Reject(member, "is required: an object with userFilename and content");
            return null;
        }

        if (place != Place.Connection && owner.Raw(member)!.Value.ValueKind == System.Text.Json.JsonValueKind.String)
        {
            Secret(owner, secretPath, member);
            return null;
        }

        var key = owner.OptionalObject(member)!;
        if (key.MemberNames.Contains("$secret", StringComparer.Ordinal) && place != Place.Connection)
        {
            Secret(owner, secretPath, member);
            return null;
        }

        var name = key.OptionalString("keyName") ?? (place == Place.Connection ? keyName : null);
        Fact($"{fact}.keyName", key.PathOf("keyName"), name);
        var file = place == Place.Connection ? key.RequiredString("userFilename") : key.OptionalString("userFilename");
        Fact($"{fact}.userFilename", key.PathOf("userFilename"), file);
        Secret(key, secretPath, "content");
        key.RejectUnread();
        return name is null ? null : new KeyFile(name, file);
    }

    private GivenSecret Secret(PayloadObject owner, string path, string member)
    {
        var secret = new GivenSecret(owner.PathOf(member), owner.Secret(member), owner.Has(member));
        _members.Secrets[path] = secret;
        return secret;
    }

    private void Contradicts(string member, string type)
    {
        if (payload.Has(member)) payload.Reject(member, $"contradicts authenticationType {type}");
    }

    private string? Fact(string name, string path, string? canonical)
    {
        if (canonical is not null) _members.Facts[name] = new Fact(path, canonical);
        return canonical;
    }

    private static string? Canonical(string? name) => name is null ? null : SnowflakeName.Stored(name).Text;
}
