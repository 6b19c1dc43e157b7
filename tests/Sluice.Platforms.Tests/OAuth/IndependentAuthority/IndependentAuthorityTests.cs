using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Sluice.Core.Connections;
using Sluice.Platforms.Egress;
using Sluice.Platforms.OAuth;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Tests.OAuth.IndependentAuthority;

/// <summary>The client against an authority that others wrote and certified (oidc-provider), so that both can't agree on the same mistake.</summary>
public sealed class IndependentAuthorityTests(AuthorityProcess authority, ITestOutputHelper output) : IClassFixture<AuthorityProcess>, IAsyncLifetime
{
    private const string Secret = "s3cret:with/all+kinds of%signs~";

    private static readonly EgressGuard Egress = new(new EgressPolicy { AllowLoopback = true });

    public async ValueTask InitializeAsync() => await authority.RequireAsync(output.WriteLine, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("/token")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("")]
    public async Task A_secret_gets_a_token_by_every_kind_of_authority_URL(string path)
    {
        var id = $"secret{path}";
        await authority.AddAsync(id, Secret);
        using var tokens = Tokens(id, OAuthCredential.OfSecret(Secret), path);

        var token = await tokens.GetAsync(default);

        token.Text.ShouldNotBeEmpty();
        (token.Ends - TimeProvider.System.GetUtcNow()).TotalSeconds.ShouldBeInRange(500, 600);
        var asked = (await authority.RequestsAsync(id)).ShouldHaveSingleItem();
        ((int)asked["status"]!, (bool)asked["byHeader"]!, (string)asked["scope"]!).ShouldBe((200, true, "session:role-any"));
    }

    [Fact]
    public async Task An_authority_that_takes_secrets_in_the_form_gets_it_there()
    {
        var id = await AddAsync("client_secret_post");
        using var tokens = Tokens(id, OAuthCredential.OfSecret(Secret), "", authority.PostOnly);

        await tokens.GetAsync(default);

        ((bool)(await authority.RequestsAsync(id)).ShouldHaveSingleItem()["byHeader"]!).ShouldBeFalse();
    }

    [Theory]
    [InlineData("SHA1", "/token")]
    [InlineData("SHA256", "/.well-known/openid-configuration")]
    public async Task A_certificate_gets_a_token(string algorithm, string path)
    {
        using var key = RSA.Create(2048);
        using var certificate = Keys.CertificateOf(key);
        var digest = certificate.GetCertHash(new HashAlgorithmName(algorithm));
        var id = $"certificate-{algorithm}";
        await authority.SetKeyAsync(id, key, Base64Url.EncodeToString(digest));
        using var tokens = Tokens(id, OAuthCredential.OfKey(key.ExportPkcs8PrivateKeyPem(), thumbprint: Thumbprint.Parse(Convert.ToHexString(digest))), path);

        (await tokens.GetAsync(default)).Text.ShouldNotBeEmpty();
        tokens.Forget(await tokens.GetAsync(default));
        (await tokens.GetAsync(default)).Text.ShouldNotBeEmpty("a second assertion is not the first one replayed");
    }

    [Fact]
    public async Task Another_certificates_thumbprint_is_refused()
    {
        using var key = RSA.Create(2048);
        const string id = "another-certificate";
        await authority.SetKeyAsync(id, key, Base64Url.EncodeToString(new byte[20]));
        using var tokens = Tokens(id, OAuthCredential.OfKey(key.ExportPkcs8PrivateKeyPem(), thumbprint: Thumbprint.Parse(new string('A', 40))));

        (await RefusedAsync(tokens)).Message.ShouldContain("publicCertificateThumbprint");
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_once()
    {
        var id = await AddAsync();
        using var tokens = Tokens(id, OAuthCredential.OfSecret("another-secret"));

        var refused = await RefusedAsync(tokens);

        (refused.Failure, refused.Code).ShouldBe((PlatformFailure.CredentialsRejected, "invalid_client"));
        refused.Message.ShouldContain("Check clientId and clientSecret");
        refused.ToString().ShouldNotContain("another-secret");
        (await authority.RequestsAsync(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_unknown_client_is_refused()
    {
        using var tokens = Tokens("nobody", OAuthCredential.OfSecret(Secret));
        (await RefusedAsync(tokens)).Code.ShouldBe("invalid_client");
    }

    [Fact]
    public async Task After_a_rotation_the_old_key_is_refused_and_the_new_one_is_taken()
    {
        const string id = "rotated";
        using var old = RSA.Create(2048);
        using var next = RSA.Create(2048);
        await authority.SetKeyAsync(id, old);
        using var before = Tokens(id, OAuthCredential.OfKey(old.ExportPkcs8PrivateKeyPem()));
        using var after = Tokens(id, OAuthCredential.OfKey(next.ExportPkcs8PrivateKeyPem()));
        var token = await before.GetAsync(default);
        (await RefusedAsync(after)).Code.ShouldBe("invalid_client");

        await authority.SetKeyAsync(id, next);

        before.Forget(token).ShouldBeTrue();
        var refused = await RefusedAsync(before);
        (refused.Failure, refused.Code).ShouldBe((PlatformFailure.CredentialsRejected, "invalid_client"));
        refused.Message.ShouldContain("oauthPrivateKey");
        (await after.GetAsync(default)).Text.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_token_is_asked_for_again_shortly_before_it_ends()
    {
        var id = await AddAsync(life: 60);
        var time = new ManualTime();
        using var tokens = Tokens(id, OAuthCredential.OfSecret(Secret), time: time);

        var first = await tokens.GetAsync(default);
        time.Advance(TimeSpan.FromSeconds(40));
        (await tokens.GetAsync(default)).ShouldBeSameAs(first);
        (await authority.RequestsAsync(id)).Count.ShouldBe(1);

        time.Advance(TimeSpan.FromSeconds(10));
        (await tokens.GetAsync(default)).Text.ShouldNotBe(first.Text);
        (await authority.RequestsAsync(id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_scope_that_the_client_may_not_have_is_told_by_its_member()
    {
        const string id = "scopes";
        await authority.AddAsync(id, Secret, scope: "all-apis");
        using var tokens = Tokens(id, OAuthCredential.OfSecret(Secret));

        var refused = await RefusedAsync(tokens);

        (refused.Failure, refused.Code).ShouldBe((PlatformFailure.Refused, "invalid_scope"));
        refused.Message.ShouldContain("Check scope");
        using var allowed = Tokens(id, OAuthCredential.OfSecret(Secret), scope: "all-apis");
        (await allowed.GetAsync(default)).Text.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_resource_is_passed_on_and_the_token_is_signed_for_it()
    {
        var id = await AddAsync();
        using var tokens = Tokens(id, OAuthCredential.OfSecret(Secret), resource: "https://snow.example.com");

        var token = await tokens.GetAsync(default);

        token.Addressee.ShouldBe($"audience https://snow.example.com, issuer {authority.Issuer}");
        ((string)(await authority.RequestsAsync(id)).ShouldHaveSingleItem()["resource"]!).ShouldBe("https://snow.example.com");
    }

    [Fact]
    public async Task An_unknown_resource_is_told_by_its_member()
    {
        var id = await AddAsync();
        using var tokens = Tokens(id, OAuthCredential.OfSecret(Secret), resource: "https://unknown.example.com");

        var refused = await RefusedAsync(tokens);

        (refused.Failure, refused.Code).ShouldBe((PlatformFailure.Refused, "invalid_target"));
        refused.Message.ShouldContain("Check resource");
    }

    [Fact]
    public async Task A_path_that_is_no_token_endpoint_is_told_by_authorityUrl()
    {
        var id = await AddAsync();
        using var tokens = Tokens(id, OAuthCredential.OfSecret(Secret), "/nowhere/token");

        (await RefusedAsync(tokens)).Message.ShouldContain("authorityUrl must be the authority's token endpoint");
    }

    private async Task<string> AddAsync(string method = "client_secret_basic", int life = 600, [CallerMemberName] string id = "")
    {
        await authority.AddAsync(id, Secret, method, life);
        return id;
    }

    private OAuthTokens Tokens(
        string id,
        OAuthCredential credential,
        string path = "/token",
        string? issuer = null,
        string scope = "session:role-any",
        string? resource = null,
        TimeProvider? time = null)
    {
        var url = AuthorityUrl.Parse((issuer ?? authority.Issuer) + path, Egress, out var problem);
        problem.ShouldBeNull();
        var client = new OAuthClient { ClientId = id, Authority = url!, Scope = scope, Resource = resource };
        return new OAuthTokens(Technology.Snowflake, client, credential, Egress, time ?? TimeProvider.System);
    }

    private static Task<PlatformException> RefusedAsync(OAuthTokens tokens) => Should.ThrowAsync<PlatformException>(() => tokens.GetAsync(default).AsTask());
}
