using Sluice.Core.Connections;
using Sluice.Platforms.Egress;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Tests.OAuth;

/// <summary>What goes over the wire, and where it may go.</summary>
public sealed class OAuthTokensTests : IAsyncLifetime
{
    private static readonly EgressGuard Egress = new(new EgressPolicy { AllowLoopback = true });

    private FakeAuthority _authority = null!;

    private IEnumerable<string> Asked => _authority.Requests.Select(r => r.What);

    public async ValueTask InitializeAsync() => _authority = await FakeAuthority.StartAsync();

    public ValueTask DisposeAsync() => _authority.DisposeAsync();

    [Fact]
    public async Task A_token_endpoint_is_asked_at_once_and_once()
    {
        using var tokens = Tokens("/oidc/v1/token");
        (await tokens.GetAsync(default)).Text.ShouldBe("at-1");
        (await tokens.GetAsync(default)).Text.ShouldBe("at-1");
        Asked.ShouldBe(["POST /oidc/v1/token"]);
        _authority.Requests.Single().Authorization.ShouldStartWith("Basic ");
    }

    [Fact]
    public async Task A_discovery_document_leads_to_the_token_endpoint_and_is_read_once()
    {
        _authority.Answer = asked => asked.What.StartsWith("GET", StringComparison.Ordinal) ? Discovery("/t", """["client_secret_post"]""") : new(FakeAuthority.Token);
        using var tokens = Tokens("/tenant/.well-known/openid-configuration");
        tokens.Forget(await tokens.GetAsync(default)).ShouldBeTrue();
        await tokens.GetAsync(default);
        Asked.ShouldBe(["GET /tenant/.well-known/openid-configuration", "POST /t", "POST /t"]);
        _authority.Requests.Last().Form["client_secret"].ShouldBe("cl1ent");
    }

    [Theory]
    [InlineData("/tenant", "/tenant/.well-known/oauth-authorization-server", 1)]
    [InlineData("/tenant", "/tenant/.well-known/openid-configuration", 2)]
    [InlineData("/tenant/", "/.well-known/oauth-authorization-server/tenant", 3)]
    [InlineData("", "/.well-known/oauth-authorization-server", 1)]
    [InlineData("", "/oidc/.well-known/oauth-authorization-server", 3)]
    public async Task A_discovery_document_below_an_address_is_found(string address, string document, int tries)
    {
        _authority.Answer = asked => asked.What switch
        {
            _ when asked.What == $"GET {document}" => Discovery("/t"),
            "POST /t" => new(FakeAuthority.Token),
            _ => new("<html>log in</html>", _authority.Requests.Count % 2 == 0 ? 200 : 302, "text/html"),
        };
        using var tokens = Tokens(address);
        (await tokens.GetAsync(default)).Text.ShouldBe("at-1");
        _authority.Requests.Count.ShouldBe(tries + 1);
    }

    [Fact]
    public async Task An_address_without_discovery_document_is_the_token_endpoint_itself()
    {
        _authority.Answer = asked => asked.What == "POST /as/token.oauth2" ? new(FakeAuthority.Token) : new("", 404);
        using var tokens = Tokens("/as/token.oauth2");
        (await tokens.GetAsync(default)).Text.ShouldBe("at-1");
    }

    [Fact]
    public async Task A_bare_host_without_discovery_document_gets_no_secret()
    {
        _authority.Answer = _ => new("PLANTED", 404);
        using var tokens = Tokens("");
        var refused = await RefusedAsync(tokens);
        refused.Failure.ShouldBe(PlatformFailure.Refused);
        refused.Message.ShouldContain("lies no discovery document that names a token endpoint; authorityUrl must be");
        Asked.ShouldAllBe(what => what.StartsWith("GET ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://169.254.169.254/token", "never allowed")]
    [InlineData("https://10.0.0.1/token", "--allow-network")]
    [InlineData("http://b.example/token", "use https")]
    [InlineData("https://app:PLANTED@b.example/token", "no user, query or fragment")]
    [InlineData("file:///etc/passwd", "absolute https URL")]
    [InlineData("/token", "absolute https URL")]
    public async Task A_discovery_document_leads_nowhere_that_is_not_allowed(string endpoint, string words)
    {
        _authority.Answer = _ => new($$"""{"token_endpoint": "{{endpoint}}"}""");
        foreach (var path in (string[])["/.well-known/openid-configuration", ""])
        {
            using var tokens = Tokens(path);
            var refused = await RefusedAsync(tokens);
            refused.Failure.ShouldBe(PlatformFailure.EgressDenied);
            refused.Message.ShouldContain("token_endpoint");
            refused.Message.ShouldContain(words);
            refused.Message.ShouldNotContain("PLANTED");
        }
    }

    [Theory]
    [InlineData(302, "text/html", "", PlatformFailure.Refused, "a redirect (status 302)")]
    [InlineData(200, "text/html", "<html>PLANTED</html>", PlatformFailure.Refused, "a web page (HTML)")]
    [InlineData(401, "application/json", """{"error": "invalid_client"}""", PlatformFailure.CredentialsRejected, "Check clientId and clientSecret")]
    [InlineData(400, "application/json", """{"error": "invalid_scope"}""", PlatformFailure.Refused, "Check scope")]
    public async Task What_an_authority_refuses_is_asked_once(int status, string type, string body, PlatformFailure failure, string words)
    {
        _authority.Answer = _ => new(body, status, type);
        using var tokens = Tokens("/token");
        var refused = await RefusedAsync(tokens);
        refused.Failure.ShouldBe(failure);
        refused.Message.ShouldContain(words);
        foreach (var secret in (string[])["PLANTED", "cl1ent"]) refused.ToString().ShouldNotContain(secret);
        _authority.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_authority_that_fails_for_a_moment_is_asked_again_with_a_new_assertion()
    {
        _authority.Answer = _ => _authority.Requests.Count == 1 ? new("", 503) : new(FakeAuthority.Token);
        using var tokens = Tokens("/token", OAuthCredential.OfKey(Keys.Plain));
        await tokens.GetAsync(default);
        _authority.Requests.Select(r => r.Form["client_assertion"]).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_token_endpoint_that_moved_is_discovered_again()
    {
        var endpoint = "/old";
        _authority.Answer = asked => asked.What switch
        {
            ['G', ..] => Discovery(endpoint),
            "POST /old" when endpoint == "/new" => new("", 404),
            _ => new(FakeAuthority.Token),
        };
        using var tokens = Tokens("/.well-known/openid-configuration");
        tokens.Forget(await tokens.GetAsync(default));
        endpoint = "/new";
        await RefusedAsync(tokens);
        await tokens.GetAsync(default);
        Asked.Last().ShouldBe("POST /new");
    }

    private OAuthTokens Tokens(string path, OAuthCredential? credential = null) => new(
        Technology.Databricks,
        new OAuthClient { ClientId = "app", Authority = AuthorityUrl.Parse(_authority.Address + path, Egress, out _)!, Scope = "all-apis" },
        credential ?? OAuthCredential.OfSecret("cl1ent"),
        Egress,
        TimeProvider.System);

    private FakeAuthority.Answered Discovery(string path, string methods = "null") =>
        new($$"""{"token_endpoint": "{{_authority.Address}}{{path}}", "token_endpoint_auth_methods_supported": {{methods}}}""");

    private static Task<PlatformException> RefusedAsync(OAuthTokens tokens) => Should.ThrowAsync<PlatformException>(() => tokens.GetAsync(default).AsTask());
}
