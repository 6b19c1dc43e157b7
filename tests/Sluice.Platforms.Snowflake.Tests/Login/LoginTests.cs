using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Platforms.Snowflake.Tests.Fakes;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Snowflake.Login;

/// <summary>The documented ways to log in, each as it goes over the wire.</summary>
public sealed class LoginTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_pair_signs_a_token_for_account_and_user(bool encrypted)
    {
        await using var account = await FakeAccount.StartAsync();
        await using var session = account.Open(body => Replace(
            body, encrypted ? Documented.KeyPair(Keys.TwiceEscaped(Keys.Encrypted), Keys.Password) : Documented.KeyPair(Keys.Escaped(Keys.Plain))));

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        var data = account.Requests.First().Json.GetProperty("data");
        data.Text("AUTHENTICATOR").ShouldBe("SNOWFLAKE_JWT");
        data.TryGetProperty("PASSWORD", out _).ShouldBeFalse();
        var (header, claims) = Verified(data.Text("TOKEN"));
        header.Text("alg").ShouldBe("RS256");
        claims.Text("sub").ShouldBe("ACME-PROD.SLUICE");
        claims.Text("iss").ShouldBe($"ACME-PROD.SLUICE.{Keys.Fingerprint}");
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBeInRange(1, 3600);
    }

    [Fact]
    public async Task A_refusal_that_repeats_what_was_sent_is_not_quoted()
    {
        await using var account = await FakeAccount.StartAsync();
        var sent = "";
        account.OnLogin = asked =>
        {
            sent = asked.Json.GetProperty("data").Text("PASSWORD");
            return FakeAccount.Refusal("390100", $"Incorrect username or password {sent} was specified.");
        };
        await using var session = account.Open();

        var refused = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));

        sent.ShouldNotBeEmpty();
        refused.ToString().ShouldNotContain(sent);
        refused.Code.ShouldBe("390100");
    }

    [Fact]
    public async Task A_key_that_the_user_does_not_have_is_told_by_its_fingerprint()
    {
        await using var account = await FakeAccount.StartAsync();
        account.OnLogin = _ => FakeAccount.Refusal("390144", "JWT token is invalid.");
        await using var session = account.Open(body => Replace(body, Documented.KeyPair(Keys.Plain)));

        var failure = await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken));

        failure.Message.ShouldContain(Keys.Fingerprint);
        failure.ToString().ShouldNotContain(Keys.Plain[60..100]);
    }

    [Fact]
    public async Task A_client_secret_gets_a_token_that_logs_in()
    {
        await using var authority = await FakeAuthority.StartAsync();
        await using var account = await FakeAccount.StartAsync();
        await using var session = Open(account, $"{authority.Address}/token");

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        var asked = authority.Requests.Single();
        asked.Form["grant_type"].ShouldBe("client_credentials");
        asked.Form["scope"].ShouldBe("session:role-any");
        asked.Form["resource"].ShouldBe("https://snow.example.com");
        asked.Form.Keys.ShouldNotContain("client_secret");
        asked.Authorization.ShouldBe("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("app:cl1ent")));
        var data = account.Requests.First().Json.GetProperty("data");
        data.Text("AUTHENTICATOR").ShouldBe("OAUTH");
        data.Text("TOKEN").ShouldBe("at-1");
        data.TryGetProperty("LOGIN_NAME", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_certificate_signs_an_assertion_that_names_it()
    {
        await using var authority = await FakeAuthority.StartAsync();
        await using var account = await FakeAccount.StartAsync();
        await using var session = account.Open(body => Replace(body, Pointed(Documented.OAuthCertificate(Keys.Escaped(Keys.Plain)), $"{authority.Address}/token")));

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        var asked = authority.Requests.Single();
        asked.Form["client_assertion_type"].ShouldBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        asked.Form["client_id"].ShouldBe("app");
        asked.Authorization.ShouldBeEmpty();
        var (header, claims) = Verified(asked.Form["client_assertion"]);
        Convert.ToHexString(Base64Url.DecodeFromChars(header.Text("x5t"))).ShouldBe(Documented.Thumbprint);
        (claims.Text("iss"), claims.Text("sub"), claims.Text("aud")).ShouldBe(("app", "app", $"{authority.Address}/token"));
        claims.Text("jti").Length.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData("[\"client_secret_post\"]", true)]
    [InlineData("[\"client_secret_basic\", \"client_secret_post\"]", false)]
    public async Task A_discovery_document_names_the_token_endpoint(string methods, bool inBody)
    {
        await using var authority = await FakeAuthority.StartAsync();
        authority.Answer = asked => asked.Path == "/.well-known/openid-configuration"
            ? (200, "application/json", $$"""{"token_endpoint": "{{authority.Address}}/oauth/token", "token_endpoint_auth_methods_supported": {{methods}} }""")
            : (200, "application/json", """{"access_token": "at-2", "expires_in": "600"}""");
        await using var account = await FakeAccount.StartAsync();
        await using var session = Open(account, $"{authority.Address}/.well-known/openid-configuration");

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        authority.Requests.Select(r => $"{r.Method} {r.Path}").ShouldBe(["GET /.well-known/openid-configuration", "POST /oauth/token"]);
        authority.Requests.Last().Form.ContainsKey("client_secret").ShouldBe(inBody);
        account.Requests.First().Json.GetProperty("data").Text("TOKEN").ShouldBe("at-2");
    }

    [Fact]
    public async Task A_discovery_document_leads_nowhere_that_is_not_allowed()
    {
        await using var authority = await FakeAuthority.StartAsync();
        authority.Answer = static _ => (200, "application/json", """{"token_endpoint": "https://169.254.169.254/token"}""");
        await using var account = await FakeAccount.StartAsync();
        await using var session = Open(account, $"{authority.Address}/.well-known/openid-configuration");

        (await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken))).Failure.ShouldBe(PlatformFailure.EgressDenied);
    }

    [Theory]
    [InlineData(200, "text/html", "<html>PLANTED</html>", PlatformFailure.Refused, "a web page (HTML)")]
    [InlineData(302, "text/html", "PLANTED", PlatformFailure.Refused, "a redirect (status 302)")]
    [InlineData(401, "application/json", "{\"error\": \"invalid_client\", \"error_description\": \"client authentication failed\"}", PlatformFailure.CredentialsRejected, "invalid_client: client authentication failed")]
    public async Task An_authority_that_gives_no_token_is_told_why(int status, string type, string body, PlatformFailure failure, string words)
    {
        await using var authority = await FakeAuthority.StartAsync();
        authority.Answer = _ => (status, type, body);
        await using var account = await FakeAccount.StartAsync();
        await using var session = Open(account, $"{authority.Address}/token");

        var refusal = await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken));

        refusal.Failure.ShouldBe(failure);
        refusal.Message.ShouldContain(words);
        foreach (var secret in (string[])["PLANTED", "cl1ent"]) refusal.ToString().ShouldNotContain(secret);
        account.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_is_kept_until_shortly_before_it_expires()
    {
        await using var authority = await FakeAuthority.StartAsync();
        await using var account = await FakeAccount.StartAsync();
        account.TokenSeconds = account.MasterSeconds = 300;
        account.Options = account.Options with { Heartbeat = TimeSpan.FromDays(1) };
        var time = new ManualTime();
        await using var session = account.Open(body => Replace(body, Pointed(Documented.OAuthSecret(), $"{authority.Address}/token")), time);

        await session.IdentifyAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(400));
        await session.IdentifyAsync(TestContext.Current.CancellationToken);
        authority.Requests.Count.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(400));
        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        authority.Requests.Count.ShouldBe(2);
        account.Requests.Count(r => r.Path == "/session/v1/login-request").ShouldBe(3);
    }

    [Fact]
    public async Task A_token_that_Snowflake_does_not_take_is_asked_for_once_more()
    {
        await using var authority = await FakeAuthority.StartAsync();
        await using var account = await FakeAccount.StartAsync();
        account.OnLogin = _ => FakeAccount.Refusal("390303", "Invalid OAuth access token.");
        await using var session = Open(account, $"{authority.Address}/token");

        var failure = await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken));

        failure.Message.ShouldContain("EXTERNAL_OAUTH_AUDIENCE_LIST");
        authority.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_token_without_any_role_is_told_by_the_integrations_mode()
    {
        await using var authority = await FakeAuthority.StartAsync();
        await using var account = await FakeAccount.StartAsync();
        account.OnLogin = _ => FakeAccount.Refusal("390000", "The role CRAWLER is not listed in the Access Token or was filtered.");
        await using var session = Open(account, $"{authority.Address}/token");

        (await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken)))
            .Message.ShouldContain("EXTERNAL_OAUTH_ANY_ROLE_MODE");
    }

    private static IPlatformSession Open(FakeAccount account, string authorityUrl) =>
        account.Open(body => Replace(body, Pointed(Documented.OAuthSecret(), authorityUrl)));

    private static JsonObject Pointed(JsonObject registration, string authorityUrl)
    {
        foreach (var members in (JsonNode[])[registration["connection"]!, registration["nativeIntegration"]!["config"]!])
            members["oAuthClientConfig"]!["authorityUrl"] = authorityUrl;
        return registration;
    }

    // Another way to log in, at the fake account's address.
    private static void Replace(JsonObject body, JsonObject registration)
    {
        var (host, port) = (body["connection"]!["hostname"]!.GetValue<string>(), body["connection"]!["port"]!.GetValue<int>());
        foreach (var (members, member) in new[] { (registration["connection"]!, "hostname"), (registration["nativeIntegration"]!["config"]!, "host") })
        {
            members[member] = host;
            members["port"] = port;
        }

        registration["connection"]!["account"] = "acme-prod";
        foreach (var name in (string[])["connection", "nativeIntegration"]) body[name] = registration[name]!.DeepClone();
    }

    private static (JsonElement Header, JsonElement Claims) Verified(string token)
    {
        var parts = token.Split('.');
        Keys.Public.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
        return (JsonElement.Parse(Base64Url.DecodeFromChars(parts[0])), JsonElement.Parse(Base64Url.DecodeFromChars(parts[1])));
    }
}
