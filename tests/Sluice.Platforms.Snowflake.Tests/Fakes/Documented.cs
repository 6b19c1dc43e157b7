using System.Text.Json.Nodes;

namespace Sluice.Platforms.Snowflake.Tests.Fakes;

/// <summary>The documented payloads, the member names that were lost in copying put back (connection-api-notes.md), placeholders filled in.</summary>
internal static class Documented
{
    public const string Thumbprint = "0123456789ABCDEF0123456789ABCDEF01234567";

    public static JsonObject UserPassword() => Parse("""
        {"connectionKey": "snow",
         "connection": {"technology": "Snowflake", "hostname": "acme-prod.snowflakecomputing.com", "port": 443, "warehouse": "WH", "role": "CRAWLER",
           "authenticationType": "userPassword", "username": "SLUICE", "password": "s3cret"},
         "settings": {"isActive": false}, "options": {"forceRecursiveCrawl": true},
         "nativeIntegration": {"type": "Snowflake", "autoBootstrap": false, "config": {
           "authenticationType": "userPassword", "username": "SLUICE", "password": "s3cret", "host": "acme-prod.snowflakecomputing.com", "port": 443,
           "warehouse": "WH", "database": "GOVERNED", "impersonation": {"enabled": false}, "audit": {"enabled": true}, "workspaces": {"enabled": false},
           "lineage": {"enabled": false}, "userRolePattern": {"exclude": []}}}}
        """);

    public static JsonObject KeyPair(string key, string? password = null)
    {
        var payload = Parse("""
            {"connectionKey": "snow",
             "connection": {"technology": "Snowflake", "hostname": "acme-prod.snowflakecomputing.com", "port": 443, "warehouse": "WH", "role": "CRAWLER",
               "authenticationType": "keyPair", "username": "SLUICE", "privateKeyPassword": null,
               "privateKey": {"keyName": "PRIV_KEY_FILE", "userFilename": "rsa_key.p8", "content": ""}},
             "settings": {"isActive": false}, "options": {"forceRecursiveCrawl": true},
             "nativeIntegration": {"type": "Snowflake", "autoBootstrap": false, "config": {
               "authenticationType": "keyPair", "username": "SLUICE", "privateKeyPassword": null,
               "privateKey": {"keyName": "PRIV_KEY_FILE", "userFilename": "rsa_key.p8", "content": ""},
               "host": "acme-prod.snowflakecomputing.com", "port": 443, "warehouse": "WH", "database": "GOVERNED", "impersonation": {"enabled": false},
               "audit": {"enabled": true}, "workspaces": {"enabled": false}, "lineage": {"enabled": false}, "userRolePattern": {"exclude": []}}}}
            """);
        foreach (var members in (JsonNode[])[payload["connection"]!, payload["nativeIntegration"]!["config"]!])
        {
            members["privateKey"]!["content"] = key;
            members["privateKeyPassword"] = password;
        }

        return payload;
    }

    public static JsonObject OAuthCertificate(string key)
    {
        var payload = Parse("""
            {"connectionKey": "snow",
             "connection": {"technology": "Snowflake", "hostname": "acme-prod.snowflakecomputing.com", "port": 443, "warehouse": "WH", "role": "CRAWLER",
               "authenticationType": "oAuthClientCredentials", "oAuthClientConfig": {"useCertificate": true, "clientId": "app", "authorityUrl": "https://id.example.com/token",
                 "scope": "session:role-any", "publicCertificateThumbprint": "0123456789abcdef0123456789abcdef01234567", "resource": "https://snow.example.com",
                 "oauthPrivateKey": {"keyName": "oauth client certificate", "userFilename": "cert.pem", "content": ""}}},
             "settings": {"isActive": false}, "options": {"forceRecursiveCrawl": true},
             "nativeIntegration": {"type": "Snowflake", "autoBootstrap": false, "config": {
               "authenticationType": "oAuthClientCredentials", "oAuthClientConfig": {"useCertificate": true, "clientId": "app", "authorityUrl": "https://id.example.com/token",
                 "scope": "session:role-any", "publicCertificateThumbprint": "0123456789abcdef0123456789abcdef01234567", "resource": "https://snow.example.com",
                 "oauthPrivateKey": {"keyName": "oauth client certificate", "userFilename": "cert.pem", "content": ""}},
               "host": "acme-prod.snowflakecomputing.com", "port": 443, "warehouse": "WH", "database": "GOVERNED", "impersonation": {"enabled": false},
               "audit": {"enabled": true}, "workspaces": {"enabled": false}, "lineage": {"enabled": false}, "userRolePattern": {"exclude": []}}}}
            """);
        foreach (var members in (JsonNode[])[payload["connection"]!, payload["nativeIntegration"]!["config"]!])
            members["oAuthClientConfig"]!["oauthPrivateKey"]!["content"] = key;
        return payload;
    }

    public static JsonObject OAuthSecret() => Parse("""
        {"connectionKey": "snow",
         "connection": {"technology": "Snowflake", "hostname": "acme-prod.snowflakecomputing.com", "port": 443, "warehouse": "WH", "role": "CRAWLER",
           "authenticationType": "oAuthClientCredentials", "oAuthClientConfig": {"useCertificate": false, "clientId": "app", "authorityUrl": "https://id.example.com/token",
             "scope": "session:role-any", "resource": "https://snow.example.com", "clientSecret": "cl1ent"}},
         "settings": {"isActive": false}, "options": {"forceRecursiveCrawl": true},
         "nativeIntegration": {"type": "Snowflake", "autoBootstrap": false, "config": {
           "authenticationType": "oAuthClientCredentials", "oAuthClientConfig": {"useCertificate": false, "clientId": "app", "authorityUrl": "https://id.example.com/token",
             "scope": "session:role-any", "resource": "https://snow.example.com", "clientSecret": "cl1ent"},
           "host": "acme-prod.snowflakecomputing.com", "port": 443, "warehouse": "WH", "database": "GOVERNED", "impersonation": {"enabled": false},
           "audit": {"enabled": true}, "workspaces": {"enabled": false}, "lineage": {"enabled": false}, "userRolePattern": {"exclude": []}}}}
        """);

    /// <summary>The bodies of the documented script requests, by the way to log in.</summary>
    public static JsonObject Script(string way) => way switch
    {
        "userPassword" => Script("""
            "authenticationType": "userPassword", "username": "SLUICE", "password": "s3cret", "audit": {"enabled": true}, "workspaces": {"enabled": false},
            "impersonation": {"enabled": false}, "lineage": {"enabled": false}, "userRolePattern": {"exclude": []}
            """, null),
        "keyPair" => Script("""
            "authenticationType": "keyPair", "username": "SLUICE", "privateKey": "", "audit": {"enabled": true}, "workspaces": {"enabled": false},
            "impersonation": {"enabled": false}, "lineage": {"enabled": false}, "userRolePattern": {"exclude": []}
            """, config => config["privateKey"] = Keys.Escaped(Keys.Plain)),
        "oAuthCertificate" => Script("""
            "authenticationType": "oAuthClientCredentials", "oAuthClientConfig": {"provider": "Okta", "clientId": "app", "authorityUrl": "https://id.example.com/token",
            "useCertificate": true, "publicCertificateThumbprint": "0123456789abcdef0123456789abcdef01234567", "oauthPrivateKey": "", "scope": "session:role-any",
            "audit": {"enabled": true}, "workspaces": {"enabled": false}, "impersonation": {"enabled": false}, "lineage": {"enabled": false},
            "userRolePattern": {"exclude": []}}
            """, config => config["oAuthClientConfig"]!["oauthPrivateKey"] = Keys.Escaped(Keys.Plain)),
        _ => Script("""
            "authenticationType": "oAuthClientCredentials", "oAuthClientConfig": {"provider": "Okta", "clientId": "app", "authorityUrl": "https://id.example.com/token",
            "clientSecret": "cl1ent", "useCertificate": false, "scope": "session:role-any", "audit": {"enabled": true}, "workspaces": {"enabled": false},
            "impersonation": {"enabled": false}, "lineage": {"enabled": false}, "userRolePattern": {"exclude": []}}
            """, null),
    };

    private static JsonObject Script(string members, Action<JsonNode>? fill)
    {
        var payload = Parse($$"""
            {"type": "Snowflake", "autoBootstrap": false, "config": {"host": "acme-prod.snowflakecomputing.com", "warehouse": "WH", "database": "GOVERNED", {{members}} } }
            """);
        fill?.Invoke(payload["config"]!);
        return payload;
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
