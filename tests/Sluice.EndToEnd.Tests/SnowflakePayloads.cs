using System.Text.Json;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// The documented payloads of Snowflake as they are printed, line for line, the member names that were lost in copying put back and commas and braces
/// mended just where docs say that they are missing; placeholders are filled in.
/// </summary>
/// <param name="Host">Where the account is, for <c>hostname</c> and <c>host</c>.</param>
/// <param name="Port">Its port.</param>
internal sealed record SnowflakePayloads(string Host, int Port)
{
    public string User { get; init; } = SnowflakeAccount.User;

    public string Role { get; init; } = SnowflakeAccount.Role;

    public string Warehouse { get; init; } = SnowflakeAccount.Warehouse;

    public string Database { get; init; } = SnowflakeAccount.Database;

    public bool Lineage { get; init; }

    private string LineageSwitch => Lineage ? "true" : "false";

    /// <summary>The secrets of a way to log in.</summary>
    /// <param name="Way">userPassword, keyPair, keyPairEncrypted, oAuthCertificate, oAuthSecret.</param>
    /// <param name="Secret">The password, the private key or the client's secret.</param>
    /// <param name="KeyPassword">Of an encrypted private key.</param>
    /// <param name="Thumbprint">Of a certificate.</param>
    /// <param name="Client">The OAuth client.</param>
    /// <param name="Authority">Its authority.</param>
    internal sealed record Credentials(string Way, string Secret, string? KeyPassword = null, string? Thumbprint = null, string Client = "sluice", string Authority = "");

    /// <summary>The body of POST /integrations/scripts/create.</summary>
    public string Script(Credentials credentials) =>
        $$"""
        {
        "type": "Snowflake",
        "autoBootstrap": false,
        "config": {{ScriptConfig(credentials)}}
        }
        """;

    /// <summary>Its config, to be pasted into a registration.</summary>
    public string ScriptConfig(Credentials credentials)
    {
        var place =
            $$"""
            {
            "host": {{Json(Host)}},
            "warehouse": {{Json(Warehouse)}},
            "database": {{Json(Database)}},
            """;
        var options =
            $$"""
            "audit": {"enabled": true},
            "workspaces": {"enabled": false},
            "impersonation": {"enabled": false},
            "lineage": { "enabled": {{LineageSwitch}} },
            "userRolePattern": { "exclude": [] }
            """;
        return credentials.Way switch
        {
            "userPassword" =>
                $$"""
                {{place}}
                "authenticationType": "userPassword",
                "username": {{Json(User)}},
                "password": {{Json(credentials.Secret)}},
                {{options}}
                }
                """,
            "keyPair" or "keyPairEncrypted" =>
                $$"""
                {{place}}
                "authenticationType": "keyPair",
                "username": {{Json(User)}},
                "privateKey": {{Escaped(credentials.Secret)}},
                {{options}}
                }
                """,
            "oAuthCertificate" =>
                $$"""
                {{place}}
                "authenticationType": "oAuthClientCredentials",
                "oAuthClientConfig": {
                "provider": "Okta",
                "clientId": "{{credentials.Client}}",
                "authorityUrl": "{{credentials.Authority}}",
                "useCertificate": true,
                "publicCertificateThumbprint": "{{credentials.Thumbprint}}",
                "oauthPrivateKey": {{Escaped(credentials.Secret)}},
                "scope": "session:role-any",
                {{options}}
                }
                }
                """,
            _ =>
                $$"""
                {{place}}
                "authenticationType": "oAuthClientCredentials",
                "oAuthClientConfig": {
                "provider": "Okta",
                "clientId": "{{credentials.Client}}",
                "authorityUrl": "{{credentials.Authority}}",
                "clientSecret": {{Json(credentials.Secret)}},
                "useCertificate": false,
                "scope": "session:role-any",
                {{options}}
                }
                }
                """,
        };
    }

    /// <summary>The body of POST /data/connection.</summary>
    /// <param name="key">The connection's key.</param>
    /// <param name="credentials">How to log in.</param>
    /// <param name="config">In the place of the printed config, such as a script's.</param>
    public string Register(string key, Credentials credentials, string? config = null)
    {
        // The example of user and password prints a comma too many; it is read all the same.
        var comma = credentials.Way == "userPassword" ? "," : "";
        return
            $$"""
            {
            "connectionKey": "{{key}}",
            "connection": {
            "technology": "Snowflake",
            "hostname": {{Json(Host)}},
            "port": {{Port}},
            "warehouse": {{Json(Warehouse)}},
            "role": {{Json(Role)}},
            {{Login(credentials)}}{{comma}}
            },
            "settings": {
            "isActive": false
            },
            "options": {
            "forceRecursiveCrawl": true
            },
            "nativeIntegration": {
            "type": "Snowflake",
            "autoBootstrap": false,
            "config": {{config ?? Config(credentials)}}
            }
            }
            """;
    }

    private string Config(Credentials credentials) =>
        $$"""
        {
        {{Login(credentials)}},
        "host": {{Json(Host)}},
        "port": {{Port}},
        "warehouse": {{Json(Warehouse)}},
        "database": {{Json(Database)}},
        "impersonation": { "enabled": false },
        "audit": { "enabled": true },
        "workspaces": { "enabled": false },
        "lineage": { "enabled": {{LineageSwitch}} },
        "userRolePattern": { "exclude": [] }
        }
        """;

    private string Login(Credentials credentials) => credentials.Way switch
    {
        "userPassword" =>
            $$"""
            "authenticationType": "userPassword",
            "username": {{Json(User)}},
            "password": {{Json(credentials.Secret)}}
            """,
        "keyPair" or "keyPairEncrypted" =>
            $$"""
            "authenticationType": "keyPair",
            "username": {{Json(User)}},
            {{(credentials.KeyPassword is { } password ? $"\"privateKeyPassword\": {Json(password)}," : "")}}
            "privateKey": {
            "keyName": "PRIV_KEY_FILE",
            "userFilename": "rsa_key.p8",
            "content": {{Json(credentials.Secret)}}
            }
            """,
        "oAuthCertificate" =>
            $$"""
            "authenticationType": "oAuthClientCredentials",
            "oAuthClientConfig": {
            "useCertificate": true,
            "clientId": "{{credentials.Client}}",
            "authorityUrl": "{{credentials.Authority}}",
            "scope": "session:role-any",
            "publicCertificateThumbprint": "{{credentials.Thumbprint}}",
            "resource": "https://snow.example.com",
            "oauthPrivateKey": {
            "keyName": "oauth client certificate",
            "userFilename": "client.pem",
            "content": {{Json(credentials.Secret)}}
            }
            }
            """,
        _ =>
            $$"""
            "authenticationType": "oAuthClientCredentials",
            "oAuthClientConfig": {
            "useCertificate": false,
            "clientId": "{{credentials.Client}}",
            "authorityUrl": "{{credentials.Authority}}",
            "scope": "session:role-any",
            "resource": "https://snow.example.com",
            "clientSecret": {{Json(credentials.Secret)}}
            }
            """,
    };

    private static string Json(string text) => JsonSerializer.Serialize(text);

    // The documentation asks for a backslash before each n; a shell's quotes then keep both.
    private static string Escaped(string key) => Json(key.Replace("\n", "\\n", StringComparison.Ordinal));
}
