using Sluice.Platforms.Egress;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Tests.OAuth;

public sealed class AuthorityUrlTests
{
    [Theory]
    [InlineData("login.example.com", "https://login.example.com/")]
    [InlineData("login.example.com:8443/tenant", "https://login.example.com:8443/tenant")]
    [InlineData("https://login.example.com/oauth2/v2.0/token", "https://login.example.com/oauth2/v2.0/token")]
    [InlineData("http://127.0.0.1:9/token", "http://127.0.0.1:9/token")]
    public void Without_a_scheme_it_is_https(string spelled, string url)
    {
        AuthorityUrl.Parse(spelled, Guard(), out var problem)!.AbsoluteUri.ShouldBe(url);
        problem.ShouldBeNull();
    }

    [Theory]
    [InlineData("", "must be an absolute https URL")]
    [InlineData("<your.authority.com>", "must be an absolute https URL")]
    [InlineData("https://a b.example.com/", "must be an absolute https URL")]
    [InlineData("https:\\\\login.example.com", "must be an absolute https URL")]
    [InlineData("http://login.example.com/token", "use https")]
    [InlineData("ftp://login.example.com/token", "An endpoint is an absolute https URL")]
    [InlineData("https://user:PLANTED@login.example.com/token", "no user, query or fragment")]
    [InlineData("https://login.example.com/token?PLANTED", "no user, query or fragment")]
    [InlineData("https://169.254.169.254/token", "never allowed")]
    [InlineData("https://10.0.0.1/token", "--allow-network")]
    public void What_is_no_authority_is_told_without_repeating_it(string spelled, string words)
    {
        AuthorityUrl.Parse(spelled, Guard(), out var problem).ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain(words);
        problem.ShouldNotContain("PLANTED");
    }

    [Fact]
    public void A_text_without_end_is_no_authority() =>
        AuthorityUrl.Parse($"login.example.com/{new string('a', 2000)}", Guard(), out _).ShouldBeNull();

    [Theory]
    [InlineData("https://a.example/.well-known/openid-configuration", true, false)]
    [InlineData("https://a.example/.well-known/oauth-authorization-server/tenant", true, false)]
    [InlineData("https://a.example/oidc/v1/token", false, true)]
    [InlineData("https://a.example/oauth/Token/", false, true)]
    [InlineData("https://a.example/as/token.oauth2", false, false)]
    [InlineData("https://a.example/token-service", false, false)]
    [InlineData("https://a.example", false, false)]
    public void Its_path_tells_what_it_is(string url, bool isDocument, bool isEndpoint)
    {
        AuthorityUrl.IsDocument(new Uri(url)).ShouldBe(isDocument);
        AuthorityUrl.IsTokenEndpoint(new Uri(url)).ShouldBe(isEndpoint);
    }

    [Fact]
    public void Documents_lie_below_an_address_or_before_its_path() =>
        AuthorityUrl.Documents(new Uri("https://a.example:8443/tenant/x/")).Select(d => d.AbsoluteUri).ShouldBe(
        [
            "https://a.example:8443/tenant/x/.well-known/oauth-authorization-server",
            "https://a.example:8443/tenant/x/.well-known/openid-configuration",
            "https://a.example:8443/.well-known/oauth-authorization-server/tenant/x",
        ]);

    [Fact]
    public void A_bare_host_may_be_a_Databricks_workspace() =>
        AuthorityUrl.Documents(new Uri("https://dbc-1.cloud.databricks.com")).Select(d => d.AbsoluteUri).ShouldBe(
        [
            "https://dbc-1.cloud.databricks.com/.well-known/oauth-authorization-server",
            "https://dbc-1.cloud.databricks.com/.well-known/openid-configuration",
            "https://dbc-1.cloud.databricks.com/oidc/.well-known/oauth-authorization-server",
        ]);

    private static EgressGuard Guard() => new(new EgressPolicy { AllowLoopback = true });
}
