using System.Buffers;
using System.Net;
using System.Text;
using Sluice.Platforms.Http;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Tests.OAuth;

public sealed class AuthorityAnswersTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly OAuthClient Client = new() { ClientId = "app", Authority = new Uri("https://a.example/token"), Scope = "s" };

    [Theory]
    [InlineData("""{"access_token": "at", "expires_in": 600}""", 600)]
    [InlineData("""{"access_token": "at", "token_type": "bearer", "expires_in": "600"}""", 600)]
    [InlineData("""{"access_token": "at", "token_type": "Bearer"}""", 300)]
    [InlineData("""{"access_token": "at", "expires_in": -1}""", 300)]
    [InlineData("""{"access_token": "at", "expires_in": 1e99}""", 86400)]
    [InlineData("""{"access_token": "at", "expires_in": {"PLANTED": 1}}""", 300)]
    public void A_token_ends_when_the_authority_says_so_within_bounds(string body, int seconds)
    {
        using var response = Response(200, body);
        var token = new AuthorityAnswers(Refusal()).Token(response, Now);
        (token.Text, token.Ends).ShouldBe(("at", Now.AddSeconds(seconds)));
        token.ToString().ShouldBe($"AccessToken {{ {token.Ends:O} }}");
    }

    [Theory]
    [InlineData("<html>PLANTED</html>", "text/html", "answered with a web page (HTML)")]
    [InlineData(" \r\n<!doctype PLANTED>", "text/plain", "answered with a web page (HTML)")]
    [InlineData("PLANTED", "application/json", "answered with something that is no JSON object")]
    [InlineData("[\"PLANTED\"]", "application/json", "answered with something that is no JSON object")]
    [InlineData("""{"PLANTED": 1}""", "application/json", "answered without an access_token")]
    [InlineData("""{"access_token": {"PLANTED": 1}}""", "application/json", "answered without an access_token")]
    [InlineData("""{"access_token": "PLANTED\r\nX: y"}""", "application/json", "an access_token that can't be one")]
    [InlineData("""{"access_token": "PLANTED", "token_type": "mac"}""", "application/json", "no bearer token")]
    [InlineData("""{"access_token": "\ud800"}""", "application/json", "answered without an access_token")]
    public void What_is_no_token_is_told_by_its_form_with_the_remedy(string body, string type, string words)
    {
        using var response = Response(200, body, type);
        var refused = Should.Throw<PlatformException>(() => new AuthorityAnswers(Refusal()).Token(response, Now));
        refused.Failure.ShouldBe(PlatformFailure.Refused);
        refused.Message.ShouldContain($"a.example {(words.StartsWith("answered", StringComparison.Ordinal) ? words : "")}");
        refused.Message.ShouldContain(words);
        refused.Message.ShouldContain("authorityUrl must be the authority's token endpoint");
        refused.ToString().ShouldNotContain("PLANTED");
    }

    [Theory]
    [InlineData(302, "PLANTED", PlatformFailure.Refused, "a redirect (status 302), which is not followed")]
    [InlineData(404, "<html>PLANTED</html>", PlatformFailure.Refused, "the status 404 and no OAuth error")]
    [InlineData(400, """{"error": "PLANTED <script>"}""", PlatformFailure.Refused, "the status 400 and no OAuth error")]
    [InlineData(401, "PLANTED", PlatformFailure.CredentialsRejected, "the status 401 and no OAuth error. Check clientId and clientSecret")]
    [InlineData(403, "PLANTED", PlatformFailure.CredentialsRejected, "the status 403 and no OAuth error. Check clientId and clientSecret")]
    [InlineData(429, "PLANTED", PlatformFailure.Throttled, "can't answer just now (status 429)")]
    [InlineData(503, "PLANTED", PlatformFailure.Unavailable, "can't answer just now (status 503)")]
    [InlineData(401, """{"error": "invalid_client", "error_description": "client authentication failed."}""", PlatformFailure.CredentialsRejected, "refused the client: invalid_client: client authentication failed. Check clientId and clientSecret")]
    [InlineData(400, """{"error": "invalid_client"}""", PlatformFailure.CredentialsRejected, "refused the client: invalid_client. Check clientId and clientSecret")]
    [InlineData(401, """{"error": "custom"}""", PlatformFailure.CredentialsRejected, "refused the client: custom.")]
    [InlineData(400, """{"error": "invalid_scope"}""", PlatformFailure.Refused, "Check scope")]
    [InlineData(400, """{"error": "invalid_target"}""", PlatformFailure.Refused, "Check resource")]
    [InlineData(400, """{"error": "unauthorized_client"}""", PlatformFailure.CredentialsRejected, "Allow the client the grant type client_credentials")]
    [InlineData(400, """{"error": "unsupported_grant_type"}""", PlatformFailure.Refused, "must offer the grant type client_credentials")]
    [InlineData(500, """{"error": "server_error"}""", PlatformFailure.Unavailable, "server_error")]
    [InlineData(400, """{"error": "temporarily_unavailable"}""", PlatformFailure.Unavailable, "temporarily_unavailable")]
    public void A_refusal_names_what_failed_and_what_to_check(int status, string body, PlatformFailure failure, string words)
    {
        using var response = Response(status, body);
        var refused = Refusal().Read(response).ShouldNotBeNull();
        refused.Failure.ShouldBe(failure);
        refused.Message.ShouldContain("a.example");
        refused.Message.ShouldContain(words);
        ((int?)refused.Status).ShouldBe(status);
        refused.ToString().ShouldNotContain("PLANTED");
    }

    [Fact]
    public void An_error_under_the_status_of_success_is_an_error()
    {
        using var response = Response(200, """{"error": "invalid_scope"}""");
        Should.Throw<PlatformException>(() => new AuthorityAnswers(Refusal()).Token(response, Now)).Code.ShouldBe("invalid_scope");
    }

    [Fact]
    public void A_certificate_is_told_by_the_members_to_check()
    {
        using var response = Response(401, """{"error": "invalid_client"}""");
        var message = Refusal(OAuthCredential.OfKey(Keys.Plain)).Read(response)!.Message;
        foreach (var member in (string[])["publicCertificateThumbprint", "oauthPrivateKey", "clock"]) message.ShouldContain(member);
        message.ShouldNotContain("clientSecret");
    }

    [Theory]
    [InlineData(false, "the secret 'cl1/ent' is wrong")]
    [InlineData(false, "the body client_secret=cl1%2Fent is wrong")]
    [InlineData(false, "the header Basic YXBwOmNsMSUyRmVudA== is wrong")]
    [InlineData(true, "the assertion eyJhbGciOiJSUzI1NiJ9.e30.c2ln is wrong")]
    public void Words_that_repeat_the_credential_are_not_shown(bool isKey, string words)
    {
        using var response = Response(401, $$"""{"error": "invalid_client", "error_description": "{{words}}"}""");
        var refused = Refusal(isKey ? OAuthCredential.OfKey(Keys.Plain) : OAuthCredential.OfSecret("cl1/ent")).Read(response)!;
        refused.Message.ShouldStartWith("The authority a.example refused the client: invalid_client. Check");
    }

    [Fact]
    public void Words_are_cut_and_on_one_line()
    {
        using var response = Response(400, $$"""{"error": "invalid_request", "error_description": "a\r\n{{new string('b', 5000)}}"}""");
        var message = Refusal().Read(response)!.Message;
        message.ShouldContain("a  b");
        message.Length.ShouldBeLessThan(700);
    }

    [Theory]
    [InlineData("""["client_secret_post"]""", true)]
    [InlineData("""["private_key_jwt", "client_secret_post"]""", true)]
    [InlineData("""["client_secret_basic", "client_secret_post"]""", false)]
    [InlineData("""[1, null]""", false)]
    [InlineData("null", false)]
    public void A_discovery_document_names_the_endpoint_and_how_it_takes_a_secret(string methods, bool inBody)
    {
        using var response = Response(200, $$"""{"token_endpoint": "https://b.example/t", "token_endpoint_auth_methods_supported": {{methods}}}""");
        new AuthorityAnswers(Refusal()).Discovery(response).ShouldBe(new TokenEndpoint(new Uri("https://b.example/t"), inBody));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"token_endpoint": 7}""")]
    public void A_discovery_document_without_endpoint_is_refused(string body)
    {
        using var response = Response(200, body);
        Should.Throw<PlatformException>(() => new AuthorityAnswers(Refusal()).Discovery(response)).Message.ShouldContain("names no token_endpoint");
    }

    private static AuthorityRefusal Refusal(OAuthCredential? credential = null) => new(Client, credential ?? OAuthCredential.OfSecret("cl1ent"));

    private static PlatformResponse Response(int status, string body, string type = "application/json")
    {
        var length = Encoding.UTF8.GetByteCount(body);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        Encoding.UTF8.GetBytes(body, buffer);
        using var message = new HttpResponseMessage();
        return new PlatformResponse((HttpStatusCode)status, message.Headers, type, new PooledBody(buffer, length), null);
    }
}
