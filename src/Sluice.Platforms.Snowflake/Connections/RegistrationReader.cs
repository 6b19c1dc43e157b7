using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms.Egress;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>Reads both objects of a registration, of an update, or of what is stored, without any I/O and to the last problem.</summary>
internal sealed class RegistrationReader(EgressGuard egress)
{
    /// <summary>The connection with its secrets apart, or null after a problem in the payload's list.</summary>
    public ConnectionSpec? Read(PayloadObject payload, PayloadObject? integration, ConnectionSpec? stored)
    {
        var problems = payload.Problems;
        var before = problems.Count;
        if (payload.RequiredString("technology") is not null) payload.OptionalChoice("technology", Technology.Snowflake.Name);
        var role = MembersReader.Name(payload, "role", payload.RequiredString("role"));
        var account = ReadAccountName(payload);
        var members = new MembersReader(payload, Place.Connection, egress).Read();
        members.OAuth?.RejectUnread();
        payload.RejectUnread();
        var settings = ReadIntegration(integration, members, stored, problems);

        var connection = problems.Count == before ? Connection(members, role!, account) : null;
        CheckSecrets(problems, members, Destination(payload, members, account), stored);
        return problems.Count > before ? null : new ConnectionSpec
        {
            Technology = Technology.Snowflake,
            AuthenticationType = connection!.AuthenticationType,
            Document = connection.ToDocument(),
            Integration = settings!.ToDocument(connection),
            Secrets = Secrets(members, stored),
            SecretDestination = connection.SecretDestination(),
        };
    }

    /// <summary>The secrets of the kind of login, those of another kind forgotten.</summary>
    private static Dictionary<string, SecretInput> Secrets(Members members, ConnectionSpec? stored)
    {
        var secrets = new Dictionary<string, SecretInput>(StringComparer.Ordinal);
        var main = members.AuthenticationType switch
        {
            AuthenticationTypes.UserPassword => SecretPaths.Password,
            AuthenticationTypes.KeyPair => SecretPaths.PrivateKey,
            _ => members.UseCertificate == true ? SecretPaths.OAuthPrivateKey : SecretPaths.ClientSecret,
        };
        secrets[main] = members.Secrets[main].Input;
        if (main != SecretPaths.PrivateKey) return secrets;

        // A new key that comes without a password has none.
        var password = members.Secrets[SecretPaths.PrivateKeyPassword];
        var isKept = IsKept(SecretPaths.PrivateKeyPassword, stored) && (password.IsPresent || secrets[main] is SecretInput.Kept);
        if (password.Input is not SecretInput.Kept || isKept) secrets[SecretPaths.PrivateKeyPassword] = password.Input;
        return secrets;
    }

    private static bool IsKept(string path, ConnectionSpec? stored) => stored?.Secrets.ContainsKey(path) == true;

    private static string? ReadAccountName(PayloadObject payload)
    {
        var name = payload.OptionalString("account");
        if (name is null || name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return name;
        payload.Reject("account", "must be the account's name alone: letters, digits, hyphens and underscores");
        return null;
    }

    private IntegrationSettings? ReadIntegration(PayloadObject? integration, Members connection, ConnectionSpec? stored, ProblemList problems)
    {
        if (integration is null)
        {
            if (stored?.Integration is { } kept) return IntegrationSettings.FromDocument(kept);
            problems.Add("$.nativeIntegration", "is required with technology Snowflake: type, autoBootstrap and the config that the setup script was made from");
            return null;
        }

        if (integration.RequiredString("type") is not null) integration.OptionalChoice("type", Technology.Snowflake.Name);
        if (integration.OptionalBoolean("autoBootstrap") == true)
            integration.Reject("autoBootstrap", "must be false: Sluice asks for no administrator's credentials; a person runs the setup script");
        var config = integration.RequiredObject("config");
        if (!integration.Has("config"))
        {
            integration.RejectUnread();
            return null;
        }

        var members = new MembersReader(config, Place.Integration, egress).Read();
        var reader = new SettingsReader(integration, config, members.OAuth);
        var settings = reader.Read(members.Provider);
        members.OAuth?.RejectUnread();
        config.RejectUnread();
        integration.RejectUnread();
        Compare(connection, members, problems);
        if (reader.Database is { } database && stored?.Integration is { } before && IntegrationSettings.FromDocument(before).DatabaseName != database)
            config.Reject("database", "can't be changed; deregister the connection, and register it anew with another database");
        return settings;
    }

    /// <summary>What the documentation calls the same as in the connection is the same, or left out.</summary>
    private static void Compare(Members connection, Members config, ProblemList problems)
    {
        foreach (var (name, fact) in config.Facts)
        {
            if (!connection.Facts.TryGetValue(name, out var same))
            {
                if (Lacking(name, connection, config) is { } lacking) problems.Add(fact.Path, lacking);
            }
            else if (same.Canonical != fact.Canonical)
            {
                problems.Add(fact.Path, $"is not the same as {same.Path}");
            }
        }

        if (config.AuthenticationType is null && config.OAuth is { } client && connection.AuthenticationType is { } type and not AuthenticationTypes.OAuth)
            client.RejectWhole(Contradiction(type));

        foreach (var (path, secret) in config.Secrets)
        {
            var has = connection.Secrets.TryGetValue(path, out var same);
            if (has && !secret.Agrees(same!, path is SecretPaths.PrivateKey or SecretPaths.OAuthPrivateKey))
                problems.Add(secret.Path, $"is not the same as {same!.Path}");
            else if (secret.Input is SecretInput.Literal or SecretInput.Reference && (!has || same!.Input is SecretInput.Kept))
                problems.Add(secret.Path, $"is not the same as {ConnectionPath(path)}, which is left out: a secret is taken from there");
        }
    }

    /// <summary>What is wrong with a fact that the connection lacks; null where it has a default there, or a problem that is told already.</summary>
    private static string? Lacking(string name, Members connection, Members config)
    {
        // A config that names the way to log in was held against it member by member.
        if (config.AuthenticationType is null && connection.AuthenticationType is { } type)
        {
            var isKey = name.StartsWith("privateKey.", StringComparison.Ordinal);
            if ((isKey && type != AuthenticationTypes.KeyPair) || (name == "username" && type == AuthenticationTypes.OAuth)) return Contradiction(type);
        }

        if (connection.OAuth is null) return null;
        if (name is "resource" or "publicCertificateThumbprint") return LeftOut($"oAuthClientConfig.{name}");
        return name.StartsWith("oAuthClientConfig.oauthPrivateKey.", StringComparison.Ordinal) && connection.UseCertificate == false
            ? LeftOut("oAuthClientConfig.oauthPrivateKey")
            : null;
    }

    private static string Contradiction(string type) => $"contradicts {ConnectionPath("authenticationType")} {type}";

    private static string LeftOut(string member) => $"is not the same as {ConnectionPath(member)}, which is left out";

    private static string ConnectionPath(string member) => $"$.connection.{member}";

    private static SnowflakeConnection Connection(Members members, string role, string? account) => new()
    {
        AuthenticationType = members.AuthenticationType!,
        Host = members.Host!,
        Port = members.Port!.Value,
        AccountName = account,
        Warehouse = members.Warehouse ?? "",
        Role = role,
        Username = members.Username,
        PrivateKey = members.PrivateKey,
        OAuth = members.AuthenticationType == AuthenticationTypes.OAuth
            ? new ExternalClient
            {
                ClientId = members.ClientId!,
                AuthorityUrl = members.AuthorityUrl!,
                UseCertificate = members.UseCertificate == true,
                Scope = members.Scope ?? "",
                Thumbprint = members.Thumbprint,
                PrivateKey = members.OAuthKey,
                Resource = members.Resource,
            }
            : null,
    };

    /// <summary>Where the secrets would go, whatever else is wrong; null when what tells it has a problem itself.</summary>
    private static string? Destination(PayloadObject payload, Members members, string? account)
    {
        if (members.Host is null || members.Port is null || (payload.Has("account") && account is null)) return null;
        var isKnown = members.AuthenticationType switch
        {
            null => false,
            AuthenticationTypes.OAuth => members is { ClientId: not null, AuthorityUrl: not null },
            _ => members.Username is not null,
        };
        return isKnown ? Connection(members, role: "", account).SecretDestination() : null;
    }

    /// <summary>Whether every secret that is needed is there, and is what it has to be.</summary>
    private static void CheckSecrets(ProblemList problems, Members members, string? destination, ConnectionSpec? stored)
    {
        switch (members.AuthenticationType)
        {
            case AuthenticationTypes.UserPassword:
                Require(SecretPaths.Password);
                break;
            case AuthenticationTypes.KeyPair:
                Require(SecretPaths.PrivateKey);
                CheckKey(SecretPaths.PrivateKey, SecretPaths.PrivateKeyPassword);
                break;
            case AuthenticationTypes.OAuth when members.UseCertificate is { } uses:
                Require(uses ? SecretPaths.OAuthPrivateKey : SecretPaths.ClientSecret);
                if (uses) CheckKey(SecretPaths.OAuthPrivateKey, password: null);
                break;
        }

        void Require(string path)
        {
            if (!members.Secrets.TryGetValue(path, out var secret) || secret.Input is not SecretInput.Kept) return;
            if (!IsKept(path, stored)) problems.Add(secret.Path, "is required");
            else if (destination is not null && stored!.SecretDestination != destination)
                problems.Add(secret.Path, "must be brought again: the update changes where it goes");
        }

        void CheckKey(string path, string? password)
        {
            if (!members.Secrets.TryGetValue(path, out var key) || key.Input is not SecretInput.Literal { Value: var content }) return;
            string? literal = null;
            if (password is not null && PrivateKeyPem.IsEncrypted(content))
            {
                var given = members.Secrets[password];

                // A password that is stored, or that the server finds elsewhere, is not at hand: the login tells whether it fits.
                if (given.Input is SecretInput.Reference || (given is { Input: SecretInput.Kept, IsPresent: true } && IsKept(password, stored))) return;
                literal = (given.Input as SecretInput.Literal)?.Value;
            }

            if (PrivateKeyPem.Problem(content, literal) is { } problem)
            {
                problems.Add(key.Path, problem);
                return;
            }

            if (members.Thumbprint is null) return;
            using var certificate = PrivateKeyPem.Certificate(content);
            if (certificate is not null && !members.Thumbprint.IsOf(certificate))
                problems.Add(members.Facts["publicCertificateThumbprint"].Path, "is not the digest of the certificate that stands beside the private key");
        }
    }
}
