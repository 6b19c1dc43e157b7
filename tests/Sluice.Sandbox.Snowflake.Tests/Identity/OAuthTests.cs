using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Identity;

namespace Sluice.Sandbox.Snowflake.Tests.Identity;

public sealed class OAuthTests
{
    private const string Issuer = "https://issuer.example";

    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What differs from a good access token, the role asked for, and the error or the role that comes of it.</summary>
    [Theory]
    [InlineData("nothing", "", "SLUICE_ROLE")]
    [InlineData("nothing", "&roleName=PUBLIC", "PUBLIC")]
    [InlineData("one role", "", "SLUICE_ROLE")]
    [InlineData("one role", "&roleName=PUBLIC", "390317")]
    [InlineData("role not held", "", "390317")]
    [InlineData("no scope", "", "390317")]
    [InlineData("blanks part the scopes", "", "390317")]
    [InlineData("scp", "", "SLUICE_ROLE")]
    [InlineData("privileged", "&roleName=SECURITYADMIN", "390317")]
    [InlineData("disabled", "", "390303")]
    [InlineData("any role disabled", "", "390317")]
    [InlineData("signature", "", "390303")]
    [InlineData("issuer", "", "390303")]
    [InlineData("audience", "", "390303")]
    [InlineData("user", "", "390303")]
    [InlineData("expired", "", "390318")]
    [InlineData("other login name", "", "390309")]
    [InlineData("garbage", "", "390303")]
    public async Task An_access_token_of_an_external_authority_is_verified(string twist, string query, string result)
    {
        using var key = RSA.Create(2048);
        using var other = RSA.Create(2048);
        await using var bench = await Bench.StartAsync(new()
        {
            Catalog = SnowflakeSandboxCatalog.Empty,
            Clock = new ManualClock(Now),
            OAuth = [new("EXT", Issuer) { RsaPublicKey = key.ExportSubjectPublicKeyInfoPem(), AnyRole = twist != "any role disabled", Audiences = ["https://acme.example"] }],
        });
        var claims = new JsonObject
        {
            ["iss"] = twist == "issuer" ? "https://evil.example" : Issuer,
            ["aud"] = new JsonArray(twist == "audience" ? "https://else.example" : "https://acme.example"),
            ["sub"] = twist == "user" ? "nobody" : "sluice_service",
            ["scope"] = twist switch { "one role" => "openid,session:role:SLUICE_ROLE", "role not held" => "session:role:ANALYST", "blanks part the scopes" => "openid session:role-any", "no scope" => "openid", _ => "session:role-any" },
            ["exp"] = Now.ToUnixTimeSeconds() + (twist == "expired" ? 0 : 300),
        };
        if (twist == "scp") (claims["scp"], claims["scope"]) = (new JsonArray("openid", "session:role:SLUICE_ROLE"), null);
        if (twist == "privileged") await bench.Run("GRANT ROLE SECURITYADMIN TO USER SLUICE_SERVICE");
        if (twist == "disabled") await bench.Run("ALTER SECURITY INTEGRATION EXT SET ENABLED = FALSE");
        var token = twist == "garbage" ? "a.b.c" : Jwt.Sign(new() { ["alg"] = "RS256" }, claims, twist == "signature" ? other : key);

        var answer = await bench.Client().LoginAsync(new { LOGIN_NAME = twist == "other login name" ? "SANDBOX_ADMIN" : "SLUICE_SERVICE", AUTHENTICATOR = "OAUTH", TOKEN = token }, query);

        if (char.IsAsciiDigit(result[0])) answer.ShouldFail(result);
        else answer.ShouldSucceed().Data.GetProperty("sessionInfo").GetProperty("roleName").GetString().ShouldBe(result);
    }

    [Fact]
    public async Task An_integration_made_by_SQL_is_in_force_and_described()
    {
        using var key = RSA.Create(2048);
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty, Clock = new ManualClock(Now) });
        await bench.Run($"""
            CREATE SECURITY INTEGRATION MADE TYPE = EXTERNAL_OAUTH ENABLED = TRUE EXTERNAL_OAUTH_TYPE = CUSTOM EXTERNAL_OAUTH_ISSUER = '{Issuer}'
              EXTERNAL_OAUTH_TOKEN_USER_MAPPING_CLAIM = ('upn', 'sub') EXTERNAL_OAUTH_SNOWFLAKE_USER_MAPPING_ATTRIBUTE = 'LOGIN_NAME'
              EXTERNAL_OAUTH_RSA_PUBLIC_KEY = '{Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}'
              EXTERNAL_OAUTH_AUDIENCE_LIST = ('https://one.example', 'https://two.example') EXTERNAL_OAUTH_ANY_ROLE_MODE = 'ENABLE'
            """);
        var claims = new JsonObject { ["iss"] = Issuer, ["aud"] = "https://two.example", ["sub"] = "sluice_service", ["scope"] = "session:role-any", ["exp"] = Now.ToUnixTimeSeconds() + 300 };
        var token = Jwt.Sign(new() { ["alg"] = "RS256" }, claims, key);
        (await bench.Client().LoginAsync(new { AUTHENTICATOR = "OAUTH", TOKEN = token })).ShouldSucceed();

        (await bench.Admin.QueryAsync("SHOW SECURITY INTEGRATIONS LIKE 'made'")).Rows[0][..4].ShouldBe(["MADE", "EXTERNAL_OAUTH - CUSTOM", "SECURITY", "true"]);
        var described = (await bench.Admin.QueryAsync("DESC SECURITY INTEGRATION MADE")).ShouldSucceed().Rows.ToDictionary(row => row[0]!, row => row[2]);
        described["EXTERNAL_OAUTH_ANY_ROLE_MODE"].ShouldBe("ENABLE");
        described["EXTERNAL_OAUTH_ISSUER"].ShouldBe(Issuer);
        described["EXTERNAL_OAUTH_TOKEN_USER_MAPPING_CLAIM"].ShouldBe("['upn', 'sub']");
        described["EXTERNAL_OAUTH_BLOCKED_ROLES_LIST"]!.ShouldContain("SECURITYADMIN");

        await bench.Run("ALTER SECURITY INTEGRATION MADE SET EXTERNAL_OAUTH_ANY_ROLE_MODE = 'ENABLE_FOR_PRIVILEGE'");
        (await bench.Client().LoginAsync(new { AUTHENTICATOR = "OAUTH", TOKEN = token })).ShouldFail("390317");
        await bench.Run("GRANT USE_ANY_ROLE ON INTEGRATION MADE TO ROLE SLUICE_ROLE");
        (await bench.Client().LoginAsync(new { AUTHENTICATOR = "OAUTH", TOKEN = token })).ShouldSucceed();
        (await bench.Service.QueryAsync("DESC SECURITY INTEGRATION SANDBOX_OAUTH")).ShouldFail("002003");
    }

    [Fact]
    public async Task A_token_that_names_a_role_binds_the_session_to_it()
    {
        await using var bench = await StartWithClientAsync();
        var token = await TokenAsync(bench, new() { ["client_id"] = "demo", ["client_secret"] = "s3cret", ["scope"] = "session:role:SLUICE_ROLE" });
        var client = bench.Client();
        (await client.LoginAsync(new { AUTHENTICATOR = "OAUTH", TOKEN = token })).ShouldSucceed();
        (await client.QueryAsync("USE ROLE PUBLIC")).ShouldFail("003013");
        (await client.QueryAsync("SELECT CURRENT_ROLE(), CURRENT_SECONDARY_ROLES()")).Rows[0].ShouldBe(["SLUICE_ROLE", "{\"roles\":\"\",\"value\":\"\"}"]);
    }

    [Fact]
    public async Task The_sandboxs_own_authority_is_found_by_discovery_and_its_keys_fetched()
    {
        await using var bench = await StartWithClientAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        var discovery = JsonNode.Parse(await http.GetStringAsync(".well-known/openid-configuration"))!;
        discovery["token_endpoint"]!.ToString().ShouldBe(bench.Sandbox.TokenEndpoint.ToString());
        discovery["issuer"]!.ToString().ShouldBe(bench.Sandbox.Endpoint.ToString().TrimEnd('/'));
        // The same keys serve an integration that reads them from their address.
        await using var trusting = await Bench.StartAsync(new()
        {
            Catalog = SnowflakeSandboxCatalog.Empty,
            OAuth = [new("EXT", discovery["issuer"]!.ToString()) { JwsKeysUrl = new(discovery["jwks_uri"]!.ToString()), AnyRole = true, Audiences = [discovery["issuer"]!.ToString()] }],
        });
        var token = await TokenAsync(bench, new() { ["client_id"] = "demo", ["client_secret"] = "s3cret" });
        (await trusting.Client().LoginAsync(new { AUTHENTICATOR = "OAUTH", TOKEN = token })).ShouldSucceed();
    }

    [Fact]
    public async Task Client_secrets_are_taken_in_the_header_too_and_wrong_ones_refused()
    {
        await using var bench = await StartWithClientAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, bench.Sandbox.TokenEndpoint) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("demo:s3cret")));
        ((int)(await http.SendAsync(request)).StatusCode).ShouldBe(200);
        using var wrong = await http.PostAsync(bench.Sandbox.TokenEndpoint, new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "demo"), new("client_secret", "guess")]));
        ((int)wrong.StatusCode).ShouldBe(401);
        using var broken = new HttpRequestMessage(HttpMethod.Post, bench.Sandbox.TokenEndpoint) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        broken.Headers.TryAddWithoutValidation("Authorization", "Basic no-base64!");
        ((int)(await http.SendAsync(broken)).StatusCode).ShouldBe(401);
        JsonNode.Parse(await wrong.Content.ReadAsStringAsync())!["error"]!.ToString().ShouldBe("invalid_client");
    }

    [Theory]
    [InlineData("x5t", true)]
    [InlineData("x5t#S256", true)]
    [InlineData("none", false)]
    [InlineData("wrong", false)]
    public async Task An_assertion_must_name_the_clients_certificate(string thumbprint, bool good)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(Now.AddDays(-1), Now.AddYears(1));
        await using var bench = await Bench.StartAsync(new()
        {
            Catalog = SnowflakeSandboxCatalog.Empty,
            Clock = new ManualClock(Now),
            OAuthClients = [new("demo", "SLUICE_SERVICE") { CertificatePem = certificate.ExportCertificatePem() }],
        });
        var header = new JsonObject { ["alg"] = "RS256" };
        if (thumbprint is "x5t" or "wrong") header["x5t"] = Base64Url.EncodeToString(thumbprint == "x5t" ? certificate.GetCertHash(HashAlgorithmName.SHA1) : new byte[20]);
        if (thumbprint == "x5t#S256") header[thumbprint] = Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256));
        var assertion = Jwt.Sign(
            header,
            new() { ["iss"] = "demo", ["sub"] = "demo", ["aud"] = bench.Sandbox.TokenEndpoint.ToString(), ["exp"] = Now.ToUnixTimeSeconds() + 60, ["jti"] = "1" },
            key);
        using var http = new HttpClient();
        using var response = await http.PostAsync(bench.Sandbox.TokenEndpoint, new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"), new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), new("client_assertion", assertion),
        ]));
        ((int)response.StatusCode).ShouldBe(good ? 200 : 401);
    }

    private static Task<Bench> StartWithClientAsync() => Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty, OAuthClients = [new("demo", "SLUICE_SERVICE") { Secret = "s3cret" }] });

    private static async Task<string> TokenAsync(Bench bench, Dictionary<string, string> form)
    {
        form["grant_type"] = "client_credentials";
        using var http = new HttpClient();
        using var response = await http.PostAsync(bench.Sandbox.TokenEndpoint, new FormUrlEncodedContent(form));
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, text);
        return JsonNode.Parse(text)!["access_token"]!.ToString();
    }
}
