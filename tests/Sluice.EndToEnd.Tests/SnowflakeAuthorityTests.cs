using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Platforms.Tests.OAuth.IndependentAuthority;
using Sluice.Sandbox.Snowflake;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// External OAuth with tokens of an authority that others wrote (oidc-provider), which the account trusts by a security integration: neither the client
/// nor the stand-in says what a token looks like.
/// </summary>
public sealed class SnowflakeAuthorityTests(AuthorityProcess authority, ITestOutputHelper output) : IClassFixture<AuthorityProcess>, IAsyncLifetime
{
    // The documented payloads' resource, for which the authority signs its tokens.
    private const string Audience = "https://snow.example.com";

    public async ValueTask InitializeAsync() => await authority.RequireAsync(output.WriteLine, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_client_with_a_secret_is_let_in_and_after_a_rotation_too()
    {
        const string client = "sluice-by-secret";
        await authority.AddAsync(client, "first/secret+of:the client");
        await using var account = await StartAsync(client);
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var credentials = new SnowflakePayloads.Credentials("oAuthSecret", "first/secret+of:the client", Client: client, Authority: $"{authority.Issuer}/token");

        await RegisterAsync(account, api, credentials);
        await authority.AddAsync(client, "second-secret");
        var refused = await api.PutAsync("/data/connection/snow", account.Payloads.Register("snow", credentials with { Secret = "another-secret" }));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, refused.Text);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Put, "/data/connection/snow", account.Payloads.Register("snow", credentials with { Secret = "second-secret" })));

        (await authority.RequestsAsync(client)).ShouldAllBe(r => (string)r["resource"]! == Audience && (string)r["scope"]! == "session:role-any");
    }

    [Fact]
    public async Task A_client_with_a_certificate_is_let_in_by_a_discovered_endpoint()
    {
        const string client = "sluice-by-certificate";
        using var certificate = SnowflakeAccount.Certificate(client);
        using var key = certificate.GetRSAPrivateKey()!;
        await authority.SetKeyAsync(client, key, Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256)));
        await using var account = await StartAsync(client);
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();

        await RegisterAsync(account, api, new SnowflakePayloads.Credentials(
            "oAuthCertificate", SnowflakeAccount.Key(certificate), Thumbprint: certificate.GetCertHashString(HashAlgorithmName.SHA256), Client: client, Authority: authority.Issuer));
    }

    [Theory]
    [InlineData("https://another.example.com", true)]
    [InlineData(Audience, false)]
    public async Task A_token_that_the_account_was_not_told_to_trust_is_refused_and_nothing_is_stored(string audience, bool isIssuer)
    {
        var client = $"sluice-untrusted-{isIssuer}";
        await authority.AddAsync(client, "a-secret");
        await using var account = await StartAsync(client, audience, isIssuer ? authority.Issuer : "https://another-issuer.example.com");
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();

        var refused = await api.PostAsync("/data/connection", account.Payloads.Register("snow", new("oAuthSecret", "a-secret", Client: client, Authority: authority.Issuer)));

        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, refused.Text);
        refused.Text.ShouldContain($"audience {Audience}, issuer {authority.Issuer}");
        refused.Text.ShouldNotContain("a-secret");
        (await authority.RequestsAsync(client)).ShouldNotBeEmpty();
        (await api.GetAsync("/data/connection/snow")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<SnowflakeAccount> StartAsync(string client, string audience = Audience, string? issuer = null) => SnowflakeAccount.StartAsync(new SnowflakeSandboxOptions
    {
        // As CREATE SECURITY INTEGRATION TYPE = EXTERNAL_OAUTH says it; the authority's tokens carry the client as their sub.
        OAuth = [new("OTHERS", issuer ?? authority.Issuer) { JwsKeysUrl = new Uri($"{authority.Issuer}/jwks"), Audiences = [audience], UserClaim = "sub", ScopeDelimiter = ' ', AnyRole = true }],
        Setup = [$"ALTER USER {SnowflakeAccount.User} SET LOGIN_NAME = '{client}'"],
    });

    private static async Task RegisterAsync(SnowflakeAccount account, Api api, SnowflakePayloads.Credentials credentials)
    {
        using var installer = await account.InstallerAsync();
        var script = await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", account.Payloads.Script(credentials));
        (await SnowflakeLifecycleTests.RunAsync(installer, script.Replace("CHANGE_ME", SnowflakeAccount.User, StringComparison.Ordinal))).ShouldBeNull();

        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials, account.Payloads.ScriptConfig(credentials))));

        (await api.TreeAsync("snow")).ShouldContain("SALES/CRM/CUSTOMERS");
        var checks = (await api.GetAsync("/data/connection/snow")).Json["validationResults"]!;
        checks["validationTests"]!.AsArray().Single(c => (string)c!["name"]! == "External OAuth any-role mode")!["status"]!.GetValue<string>().ShouldBe("passed", checks.ToJsonString());
    }
}
