using System.Text.Json.Nodes;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Snowflake.Tests.Fakes;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>Everything that is wrong with a registration is told at once, each at its path.</summary>
public sealed class BadInputTests
{
    private const string Connection = "$.connection";
    private const string Config = "$.nativeIntegration.config";

    /// <summary>A value in a registration by user and password, where the problem is told, and some of its words.</summary>
    [Theory]
    [InlineData("connection.hostname", "\"https://acme-prod.snowflakecomputing.com/console\"", "$.connection.hostname", "without a path")]
    [InlineData("connection.hostname", "\"acme-prod.snowflakecomputing.com:443\"", "$.connection.hostname", "without a port")]
    [InlineData("connection.hostname", "\"u@acme-prod.snowflakecomputing.com\"", "$.connection.hostname", "without a user")]
    [InlineData("connection.hostname", "\"evil.example.com\"", "$.connection.hostname", "not one of")]
    [InlineData("connection.hostname", "\"snowflakecomputing.com.evil.example\"", "$.connection.hostname", "not one of")]
    [InlineData("connection.hostname", "\"http://acme-prod.snowflakecomputing.com\"", "$.connection.hostname", "only this machine")]
    [InlineData("connection.hostname", "\"169.254.169.254\"", "$.connection.hostname", "never allowed")]
    [InlineData("connection.port", "0", "$.connection.port", "from 1 to 65535")]
    [InlineData("connection.port", "8443", "$.nativeIntegration.config.port", "$.connection.port")]
    [InlineData("connection.warehouse", "\"OTHER\"", "$.nativeIntegration.config.warehouse", "$.connection.warehouse")]
    [InlineData("connection.warehouse", "\"a\\u0000b\"", "$.connection.warehouse", "control character")]
    [InlineData("connection.role", "\"\"", "$.connection.role", "not be empty")]
    [InlineData("connection.role", "\"\\\"a\\\"b\\\"\"", "$.connection.role", "not doubled")]
    [InlineData("connection.username", "\"OTHER\"", "$.nativeIntegration.config.username", "$.connection.username")]
    [InlineData("connection.password", "\"0ther\"", "$.nativeIntegration.config.password", "$.connection.password")]
    [InlineData("connection.authenticationType", "\"password\"", "$.connection.authenticationType", "userPassword, keyPair")]
    [InlineData("connection.privateKey", "{}", "$.connection.privateKey", "contradicts")]
    [InlineData("connection.oAuthClientConfig", "{}", "$.connection.oAuthClientConfig", "contradicts")]
    [InlineData("connection.hostnam", "\"x\"", "$.connection.hostnam", "did you mean 'hostname'")]
    [InlineData("connection.account", "\"a/b\"", "$.connection.account", "letters, digits")]
    [InlineData("nativeIntegration.type", "\"Databricks\"", "$.nativeIntegration.type", "Snowflake")]
    [InlineData("nativeIntegration.autoBootstrap", "true", "$.nativeIntegration.autoBootstrap", "must be false")]
    [InlineData("nativeIntegration.config.authenticationType", "\"keyPair\"", "$.nativeIntegration.config.authenticationType", "$.connection.authenticationType")]
    [InlineData("nativeIntegration.config.host", "\"acme-test.snowflakecomputing.com\"", "$.nativeIntegration.config.host", "$.connection.hostname")]
    [InlineData("nativeIntegration.config.database", "\"SNOWFLAKE\"", "$.nativeIntegration.config.database", "Snowflake's own")]
    [InlineData("nativeIntegration.config.database", "null", "$.nativeIntegration.config.database", "is required")]
    [InlineData("nativeIntegration.config.impersonation", "{\"enabled\": true}", "$.nativeIntegration.config.impersonation.enabled", "low row access policy mode")]
    [InlineData("nativeIntegration.config.workspaces", "{\"enabled\": true}", "$.nativeIntegration.config.workspaces.enabled", "table grants")]
    [InlineData("nativeIntegration.config.audit", "{\"enabled\": 1}", "$.nativeIntegration.config.audit.enabled", "true or false")]
    [InlineData("nativeIntegration.config.audit", "{}", "$.nativeIntegration.config.audit.enabled", "is required")]
    [InlineData("nativeIntegration.config.userRolePattern", "{\"exclude\": [\"A\", \"B*\"]}", "$.nativeIntegration.config.userRolePattern.exclude[1]", "wildcard")]
    [InlineData("nativeIntegration.config.userRolePattern", "{\"exclude\": [\"PUBLIC\"]}", "$.nativeIntegration.config.userRolePattern.exclude[0]", "every session holds")]
    [InlineData("connection.role", "\"\\\"half\"", "$.connection.role", "one end alone")]
    [InlineData("nativeIntegration.userRolePattern", "{\"exclude\": [\"A\"]}", "$.nativeIntegration.userRolePattern", "$.nativeIntegration.config.userRolePattern")]
    [InlineData("nativeIntegration.config.databse", "\"X\"", "$.nativeIntegration.config.databse", "did you mean 'database'")]
    public void A_wrong_value_is_told_at_its_path(string member, string value, string path, string words)
    {
        var payload = Documented.UserPassword();
        var names = member.Split('.');
        var owner = names[..^1].Aggregate((JsonNode)payload, (node, name) => node[name]!);
        owner[names[^1]] = JsonNode.Parse(value);

        var problems = Payload.Read(payload).Problems;

        problems.ShouldContainKey(path);
        string.Join(' ', problems[path]).ShouldContain(words);
        string.Join(' ', problems.Values.SelectMany(p => p)).ShouldNotContain("s3cret");
    }

    [Fact]
    public void Everything_at_once()
    {
        var payload = Documented.UserPassword();
        payload["connection"]!["port"] = 0;
        payload["connection"]!["role"] = null;
        payload["nativeIntegration"]!["autoBootstrap"] = true;
        payload["nativeIntegration"]!["config"]!["workspaces"]!["enabled"] = true;

        Payload.Read(payload).Problems.Keys.Order().ShouldBe(
            [$"{Connection}.port", $"{Connection}.role", "$.nativeIntegration.autoBootstrap", $"{Config}.workspaces.enabled"], ignoreOrder: true);
    }

    [Fact]
    public void A_registration_without_a_native_integration()
    {
        var payload = Documented.UserPassword();
        payload.Remove("nativeIntegration");

        Payload.Read(payload).Problems.ShouldContainKey("$.nativeIntegration");
    }

    public static TheoryData<string, string?, string> WrongKeys() => new()
    {
        { Keys.Pkcs1, null, "not PKCS#8" },
        { Keys.Short, null, "1024 bits" },
        { Keys.Elliptic, null, "RSA" },
        { Keys.Encrypted, null, "no password" },
        { Keys.Encrypted, "wrong", "can't be decrypted" },
        { "not a key", null, "not a PEM text" },
        { "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", null, "not the PKCS#8 form" },
        { "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", null, "no private key" },
    };

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public void A_private_key_that_is_none(string key, string? password, string words)
    {
        var problems = Payload.Read(Documented.KeyPair(key, password)).Problems;

        problems.Keys.ShouldBe([$"{Connection}.privateKey.content"]);
        problems.Values.Single().Single().ShouldContain(words);
        if (key.Length > 100) problems.Values.Single().Single().ShouldNotContain(key[40..80]);
    }

    [Fact]
    public void A_thumbprint_that_is_none()
    {
        var payload = Documented.OAuthCertificate(Keys.Plain);
        payload["connection"]!["oAuthClientConfig"]!["publicCertificateThumbprint"] = "xyz";

        Payload.Read(payload).Problems[$"{Connection}.oAuthClientConfig.publicCertificateThumbprint"].Single().ShouldContain("SHA-1");
    }

    [Theory]
    [InlineData("https://user@id.example.com/token")]
    [InlineData("http://id.example.com/token")]
    [InlineData("https://10.0.0.1/token")]
    [InlineData("ftp://id.example.com")]
    public void An_authority_this_server_may_not_reach(string url)
    {
        var payload = Documented.OAuthSecret();
        payload["connection"]!["oAuthClientConfig"]!["authorityUrl"] = url;

        Payload.Read(payload).Problems.ShouldContainKey($"{Connection}.oAuthClientConfig.authorityUrl");
    }

    [Fact]
    public void An_authority_may_leave_its_scheme_out()
    {
        var payload = Documented.OAuthSecret();
        payload["connection"]!["oAuthClientConfig"]!["authorityUrl"] = "id.example.com/token";

        Payload.Accepted(payload).Document.Text("oAuthClientConfig", "authorityUrl").ShouldBe("https://id.example.com/token");
    }

    [Fact]
    public void Secrets_that_differ_are_one_problem_that_names_both_paths()
    {
        var payload = Documented.OAuthSecret();
        payload["nativeIntegration"]!["config"]!["oAuthClientConfig"]!["clientSecret"] = "0ther";

        var problems = Payload.Read(payload).Problems;

        problems.Single().Key.ShouldBe($"{Config}.oAuthClientConfig.clientSecret");
        problems.Single().Value.Single().ShouldContain($"{Connection}.oAuthClientConfig.clientSecret");
    }

    [Fact]
    public void A_resource_in_the_integration_alone()
    {
        var payload = Documented.OAuthSecret();
        payload["connection"]!["oAuthClientConfig"]!.AsObject().Remove("resource");

        Payload.Read(payload).Problems[$"{Config}.oAuthClientConfig.resource"].Single().ShouldContain($"{Connection}.oAuthClientConfig.resource");
    }

    [Fact]
    public void A_user_in_the_integration_of_an_OAuth_connection()
    {
        var payload = Documented.OAuthSecret();
        payload["nativeIntegration"]!["config"]!.AsObject().Remove("authenticationType");
        payload["nativeIntegration"]!["config"]!["username"] = "SLUICE";

        Payload.Read(payload).Problems[$"{Config}.username"].Single().ShouldBe($"contradicts {Connection}.authenticationType oAuthClientCredentials");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"clientId": "app", "authorityUrl": "https://id.example.com/token"}""")]
    public void An_OAuth_client_in_the_integration_of_a_user_with_a_password(string client)
    {
        var payload = Documented.UserPassword();
        payload["nativeIntegration"]!["config"]!.AsObject().Remove("authenticationType");
        payload["nativeIntegration"]!["config"]!["oAuthClientConfig"] = JsonNode.Parse(client);

        Payload.Read(payload).Problems[$"{Config}.oAuthClientConfig"].Single().ShouldBe($"contradicts {Connection}.authenticationType userPassword");
    }

    [Fact]
    public void A_key_in_the_integration_of_a_user_with_a_password()
    {
        var payload = Documented.UserPassword();
        payload["nativeIntegration"]!["config"]!.AsObject().Remove("authenticationType");
        payload["nativeIntegration"]!["config"]!["privateKey"] = JsonNode.Parse("""{"keyName": "PRIV_KEY_FILE", "userFilename": "k.p8"}""");

        Payload.Read(payload).Problems[$"{Config}.privateKey.userFilename"].Single().ShouldContain("userPassword");
    }

    [Fact]
    public void A_certificates_key_in_the_integration_of_a_client_with_a_secret()
    {
        var payload = Documented.OAuthSecret();
        var client = payload["nativeIntegration"]!["config"]!["oAuthClientConfig"]!.AsObject();
        client.Remove("useCertificate");
        client["oauthPrivateKey"] = JsonNode.Parse("""{"keyName": "oauth client certificate", "userFilename": "cert.pem"}""");

        Payload.Read(payload).Problems[$"{Config}.oAuthClientConfig.oauthPrivateKey.userFilename"].Single()
            .ShouldContain($"{Connection}.oAuthClientConfig.oauthPrivateKey");
    }

    [Fact]
    public void A_switch_in_two_places_with_two_values()
    {
        var payload = Documented.OAuthSecret();
        payload["nativeIntegration"]!["config"]!["oAuthClientConfig"]!["audit"] = JsonNode.Parse("""{"enabled": false}""");

        Payload.Read(payload).Problems[$"{Config}.oAuthClientConfig.audit.enabled"].Single().ShouldContain($"{Config}.audit.enabled");
    }

    [Theory]
    [InlineData("https://ACME-prod.snowflakecomputing.com/", "acme-prod.snowflakecomputing.com")]
    [InlineData("acme-prod.snowflakecomputing.com.", "acme-prod.snowflakecomputing.com")]
    [InlineData("xy12345.us-east-1.privatelink.snowflakecomputing.com", "xy12345.us-east-1.privatelink.snowflakecomputing.com")]
    [InlineData("acme.cn-northwest-1.snowflakecomputing.cn", "acme.cn-northwest-1.snowflakecomputing.cn")]
    public void A_host_is_taken_in_one_spelling(string spelled, string stored)
    {
        var payload = Documented.UserPassword();
        payload["connection"]!["hostname"] = spelled;
        payload["nativeIntegration"]!["config"]!["host"] = stored;

        Payload.Accepted(payload).Document.Text("hostname").ShouldBe(stored);
    }

    [Theory]
    [InlineData("acme-prod.snowflakecomputing.com", "acme-prod")]
    [InlineData("xy12345.eu-central-1.privatelink.snowflakecomputing.com", "xy12345")]
    [InlineData("acme-x1.global.snowflakecomputing.com", "acme")]
    [InlineData("http://127.0.0.1", "127.0.0.1")]
    [InlineData("http://acme-prod.localhost", "acme-prod")]
    public void The_account_is_named_by_its_host(string host, string account) =>
        AccountHost.AccountOf(EndpointHost.Parse(host, new EgressGuard(Payload.Loopback), AccountHost.Suffixes, out _)!).ShouldBe(account);
}
