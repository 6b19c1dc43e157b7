using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Sandbox.Databricks.Tests.Wire;

public sealed class TlsTests
{
    private const string Discovery = "/oidc/.well-known/oauth-authorization-server";

    [Fact]
    public async Task Who_trusts_the_sandboxs_certificate_speaks_tls_with_it()
    {
        await using var sandbox = await DatabricksSandbox.StartAsync(new() { Tls = true }, TestContext.Current.CancellationToken);
        using var trusted = X509Certificate2.CreateFromPem(sandbox.CertificatePem);
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted }, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = sandbox.Endpoint };

        var found = await http.GetStringAsync(Discovery, TestContext.Current.CancellationToken);

        sandbox.Endpoint.Scheme.ShouldBe("https");
        found.ShouldContain($"\"token_endpoint\":\"{sandbox.Endpoint}oidc/v1/token\"");
    }

    [Fact]
    public async Task Who_does_not_trust_it_gets_no_answer()
    {
        await using var sandbox = await DatabricksSandbox.StartAsync(new() { Tls = true }, TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = sandbox.Endpoint };

        var refused = await Should.ThrowAsync<HttpRequestException>(() => http.GetStringAsync(Discovery, TestContext.Current.CancellationToken));

        refused.HttpRequestError.ShouldBe(HttpRequestError.SecureConnectionError);
    }

    [Fact]
    public async Task A_sandbox_speaks_plain_http_unless_told_otherwise()
    {
        await using var sandbox = await DatabricksSandbox.StartAsync(new(), TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = sandbox.Endpoint };

        using var answer = await http.GetAsync(Discovery, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        sandbox.CertificatePem.ShouldBeNull();
    }
}
