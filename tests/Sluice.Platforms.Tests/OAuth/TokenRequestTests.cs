using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Tests.OAuth;

public sealed class TokenRequestTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TokenEndpoint Endpoint = new(new Uri("https://a.example/token"));

    private readonly OAuthClient _client = new() { ClientId = "app", Authority = Endpoint.Url, Scope = "session:role-any", Resource = "https://snow.example.com" };

    [Fact]
    public async Task A_secret_goes_into_the_header()
    {
        using var request = TokenRequest.Create(_client, OAuthCredential.OfSecret("cl1ent"), Endpoint, Now);

        (request.Method, request.RequestUri).ShouldBe((HttpMethod.Post, Endpoint.Url));
        request.Headers.Authorization!.ToString().ShouldBe("Basic " + Convert.ToBase64String("app:cl1ent"u8));
        request.Headers.Accept.ToString().ShouldBe("application/json");
        (await FormAsync(request)).ShouldBe(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["scope"] = "session:role-any", ["resource"] = "https://snow.example.com",
        });
    }

    [Fact]
    public void Identifier_and_secret_are_encoded_before_they_are_joined()
    {
        var client = _client with { ClientId = "a:b" };
        using var request = TokenRequest.Create(client, OAuthCredential.OfSecret("c d%+ü~."), Endpoint, Now);
        Encoding.ASCII.GetString(Convert.FromBase64String(request.Headers.Authorization!.Parameter!)).ShouldBe("a%3Ab:c+d%25%2B%C3%BC~.");
    }

    [Fact]
    public async Task A_secret_goes_into_the_form_where_the_authority_takes_it_nowhere_else()
    {
        using var request = TokenRequest.Create(_client, OAuthCredential.OfSecret("cl1ent"), Endpoint with { TakesSecretInBodyOnly = true }, Now);

        request.Headers.Authorization.ShouldBeNull();
        var form = await FormAsync(request);
        (form["client_id"], form["client_secret"]).ShouldBe(("app", "cl1ent"));
    }

    [Fact]
    public async Task Without_scope_and_resource_none_is_sent()
    {
        using var request = TokenRequest.Create(_client with { Scope = null, Resource = null }, OAuthCredential.OfSecret("s"), Endpoint, Now);
        (await FormAsync(request)).Keys.ShouldBe(["grant_type"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_signs_an_assertion_for_the_token_endpoint(bool encrypted)
    {
        var credential = encrypted ? OAuthCredential.OfKey(Keys.Encrypted, Keys.Password) : OAuthCredential.OfKey(Keys.Plain.ReplaceLineEndings("\\n"));
        using var request = TokenRequest.Create(_client, credential, Endpoint, Now);

        request.Headers.Authorization.ShouldBeNull();
        var form = await FormAsync(request);
        form["client_id"].ShouldBe("app");
        form["client_assertion_type"].ShouldBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.Keys.ShouldNotContain("client_secret");
        var (header, claims) = Keys.Verified(form["client_assertion"]);
        header.GetProperty("alg").GetString().ShouldBe("RS256");
        (Text("iss"), Text("sub"), Text("aud")).ShouldBe(("app", "app", "https://a.example/token"));
        claims.GetProperty("exp").GetInt64().ShouldBeInRange(Now.ToUnixTimeSeconds() + 60, Now.ToUnixTimeSeconds() + 300);
        foreach (var begin in (string[])["iat", "nbf"]) claims.GetProperty(begin).GetInt64().ShouldBeInRange(Now.ToUnixTimeSeconds() - 60, Now.ToUnixTimeSeconds());

        string? Text(string claim) => claims.GetProperty(claim).GetString();
    }

    [Fact]
    public async Task Each_assertion_has_an_identifier_of_its_own()
    {
        (await IdAsync()).ShouldNotBe(await IdAsync());

        async Task<string?> IdAsync()
        {
            using var request = TokenRequest.Create(_client, OAuthCredential.OfKey(Keys.Plain), Endpoint, Now);
            return Keys.Verified((await FormAsync(request))["client_assertion"]).Claims.GetProperty("jti").GetString();
        }
    }

    [Theory]
    [InlineData("SHA1", "x5t")]
    [InlineData("SHA256", "x5t#S256")]
    public async Task The_header_of_an_assertion_names_the_certificate(string algorithm, string member)
    {
        var digest = Keys.Certificate.GetCertHash(new HashAlgorithmName(algorithm));
        var credential = OAuthCredential.OfKey(Keys.Plain, thumbprint: Thumbprint.Parse(Convert.ToHexString(digest)));
        using var request = TokenRequest.Create(_client, credential, Endpoint, Now);

        var header = Keys.Verified((await FormAsync(request))["client_assertion"]).Header;
        Base64Url.DecodeFromChars(header.GetProperty(member).GetString()).ShouldBe(digest);
        header.EnumerateObject().Select(m => m.Name).ShouldBe([member, "alg", "typ"]);
    }

    [Fact]
    public void A_key_that_cant_be_read_is_told_by_its_member()
    {
        var refused = Should.Throw<PlatformException>(() => TokenRequest.Create(_client, OAuthCredential.OfKey(Keys.Short), Endpoint, Now));
        refused.Failure.ShouldBe(PlatformFailure.CredentialsRejected);
        refused.Message.ShouldBe("The private key of the OAuth client (oauthPrivateKey) has 1024 bits, and at least 2048 are needed.");
    }

    private static async Task<IReadOnlyDictionary<string, string>> FormAsync(HttpRequestMessage request) =>
        QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync()).ToDictionary(f => f.Key, f => f.Value.ToString());
}
