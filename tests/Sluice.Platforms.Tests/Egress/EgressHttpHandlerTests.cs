using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Tests.Egress;

public sealed class EgressHttpHandlerTests
{
    private static readonly EgressPolicy Loopback = new() { AllowLoopback = true, AllowedHosts = ["rebind.invalid"] };
    private static readonly string[] Aws = ["amazonaws.com"];

    [Fact]
    public async Task The_connection_goes_to_the_address_that_was_checked()
    {
        await using var server = TinyServer.Answering(TinyServer.Response(200, "hello"));
        var resolver = new FixedResolver(["127.0.0.1"], ["169.254.169.254"]);
        var guard = new EgressGuard(Loopback, resolver);
        using (var client = Client(guard))
        {
            // Nothing else can resolve .invalid: had anybody looked the name up again, there would be no answer.
            (await client.GetStringAsync($"http://rebind.invalid:{server.Port}/")).ShouldBe("hello");
            (await client.GetStringAsync($"http://rebind.invalid:{server.Port}/")).ShouldBe("hello");
        }

        resolver.Asked.Count.ShouldBe(1);
        server.Connections.ShouldBe(1);

        using var second = Client(guard);
        (await Should.ThrowAsync<PlatformException>(() => second.GetAsync($"http://rebind.invalid:{server.Port}/")))
            .Failure.ShouldBe(PlatformFailure.EgressDenied);
        server.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var target = TinyServer.Answering(TinyServer.Response(200, "no"));
        await using var server = TinyServer.Answering(TinyServer.Response(status, "", $"Location: http://127.0.0.1:{target.Port}/"));
        using var client = Client(new EgressGuard(Loopback));
        using var response = await client.GetAsync($"http://127.0.0.1:{server.Port}/");
        ((int)response.StatusCode).ShouldBe(status);
        target.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData("http://glue.us-east-1.amazonaws.com/")]
    [InlineData("http://52.94.133.131/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://2852039166/")]
    [InlineData("http://[::ffff:a9fe:a9fe]/")]
    [InlineData("https://169.254.169.254/")]
    [InlineData("https://[fd00:ec2::254]/")]
    [InlineData("https://example.com/")]
    [InlineData("https://user:password@glue.us-east-1.amazonaws.com/")]
    public async Task What_the_rules_refuse_is_not_connected_to(string url)
    {
        var guard = new EgressGuard(
            new EgressPolicy { AllowLoopback = true, AllowedNetworks = [IPNetwork.Parse("52.0.0.0/8")] }, new FixedResolver(["52.94.133.131"]));
        using var client = Client(guard, Aws);
        var refusal = await Should.ThrowAsync<PlatformException>(() => client.GetAsync(url));
        refusal.Failure.ShouldBe(PlatformFailure.EgressDenied);
        refusal.Message.ShouldNotContain("password");
    }

    [Fact]
    public async Task Plain_http_to_a_name_is_refused_unless_every_address_is_loopback()
    {
        var policy = Loopback with { AllowedNetworks = [IPNetwork.Parse("10.0.0.0/8")] };
        using var client = Client(new EgressGuard(policy, new FixedResolver(["127.0.0.1", "10.0.0.1"])), Aws);
        var refusal = await Should.ThrowAsync<PlatformException>(() => client.GetAsync("http://rebind.invalid/"));
        refusal.Failure.ShouldBe(PlatformFailure.EgressDenied);
        refusal.Message.ShouldContain("https");
    }

    [Fact]
    public async Task A_Host_header_for_another_host_is_refused()
    {
        await using var server = TinyServer.Answering(TinyServer.Response(200, ""));
        using var client = Client(new EgressGuard(Loopback));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/");
        request.Headers.Host = "glue.us-east-1.amazonaws.com";
        (await Should.ThrowAsync<PlatformException>(() => client.SendAsync(request))).Failure.ShouldBe(PlatformFailure.EgressDenied);

        using var same = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/");
        same.Headers.Host = $"127.0.0.1:{server.Port}";
        using var response = await client.SendAsync(same);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Synchronous_requests_do_not_slip_past_the_checks()
    {
        using var client = Client(new EgressGuard(Loopback));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1/");
        Should.Throw<NotSupportedException>(() => client.Send(request));
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_ignored()
    {
        await using var proxy = TinyServer.Answering(TinyServer.Response(200, "proxy"));
        await using var server = TinyServer.Answering(TinyServer.Response(200, "server"));
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy($"http://127.0.0.1:{proxy.Port}");
        try
        {
            // The control: a handler without a guard does ask the proxy.
            using var plain = new HttpClient(new SocketsHttpHandler());
            (await plain.GetStringAsync($"http://127.0.0.1:{server.Port}/")).ShouldBe("proxy");

            using var client = Client(new EgressGuard(Loopback));
            (await client.GetStringAsync($"http://127.0.0.1:{server.Port}/")).ShouldBe("server");
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        proxy.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Cookies_are_not_kept_and_no_trace_header_is_sent()
    {
        var heads = new List<string>();
        await using var server = TinyServer.Answering(head =>
        {
            heads.Add(head);
            return TinyServer.Response(200, "", "Set-Cookie: a=b");
        });
        using var client = Client(new EgressGuard(Loopback));
        using var activity = new System.Diagnostics.Activity("test").Start();
        for (var i = 0; i < 2; i++)
            (await client.GetAsync($"http://127.0.0.1:{server.Port}/")).Dispose();
        heads.Count.ShouldBe(2);
        heads.ShouldAllBe(head => !head.Contains("Cookie") && !head.Contains("traceparent"));
    }

    [Fact]
    public async Task HTTP3_which_would_bypass_the_connection_check_is_never_spoken()
    {
        await using var server = TinyServer.Answering(TinyServer.Response(200, "", "Alt-Svc: h3=\":443\""));
        using var client = Client(new EgressGuard(Loopback));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/")
        {
            Version = HttpVersion.Version30,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request);
        response.Version.ShouldBe(HttpVersion.Version11);
        (request.Version, request.VersionPolicy).ShouldBe((HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower));
    }

    [Fact]
    public async Task TLS_checks_the_name_of_the_host_and_not_its_address()
    {
        var asked = new TaskCompletionSource<string?>();
        using var certificate = SelfSigned("rebind.invalid");
        await using var server = new TinyServer(async (stream, stop) =>
        {
            await using var tls = new SslStream(stream);
            try
            {
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificateSelectionCallback = (_, name) =>
                        {
                            asked.TrySetResult(name);
                            return certificate;
                        },
                    },
                    stop);
                await TinyServer.ReadRequestAsync(tls, stop);
            }
            catch (System.Security.Authentication.AuthenticationException)
            {
                // The client refuses the certificate, as it should.
            }
        });
        using var client = Client(new EgressGuard(Loopback, new FixedResolver(["127.0.0.1"])));

        var refusal = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync($"https://rebind.invalid:{server.Port}/"));

        refusal.HttpRequestError.ShouldBe(HttpRequestError.SecureConnectionError);
        (await asked.Task).ShouldBe("rebind.invalid");
    }

    [Fact]
    public async Task Loopback_speaks_TLS_when_asked_to()
    {
        var firstByte = new TaskCompletionSource<int>();
        await using var server = new TinyServer(async (stream, stop) =>
        {
            var hello = new byte[1];
            await stream.ReadExactlyAsync(hello, stop);
            firstByte.TrySetResult(hello[0]);
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), stop);
        });
        using var client = Client(new EgressGuard(Loopback));
        (await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync($"https://127.0.0.1:{server.Port}/")))
            .HttpRequestError.ShouldBe(HttpRequestError.SecureConnectionError);

        // 22 is the type of a TLS handshake record.
        (await firstByte.Task).ShouldBe(22);
    }

    [Fact]
    public async Task A_handshake_that_hangs_ends_with_the_connect_timeout()
    {
        await using var server = new TinyServer(static (_, stop) => Task.Delay(Timeout.Infinite, stop));
        using var client = Client(new EgressGuard(Loopback), [], TimeSpan.FromMilliseconds(100));
        var refusal = await Should.ThrowAsync<PlatformException>(() => client.GetAsync($"https://127.0.0.1:{server.Port}/"));
        refusal.Failure.ShouldBe(PlatformFailure.Unreachable);
        refusal.Message.ShouldBe("127.0.0.1 did not accept a connection within 0.1 seconds.");
    }

    [Fact]
    public async Task A_resolver_that_hangs_ends_with_the_connect_timeout()
    {
        using var client = Client(new EgressGuard(Loopback, new NeverResolver()), [], TimeSpan.FromMilliseconds(100));
        (await Should.ThrowAsync<PlatformException>(() => client.GetAsync("https://rebind.invalid/")))
            .Failure.ShouldBe(PlatformFailure.Unreachable);
    }

    [Fact]
    public async Task The_callers_cancellation_stays_a_cancellation()
    {
        using var giveUp = new CancellationTokenSource();
        using var client = Client(new EgressGuard(Loopback, new NeverResolver()));
        var pending = client.GetAsync("https://rebind.invalid/", giveUp.Token);
        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => pending);
    }

    private static HttpClient Client(EgressGuard guard, string[]? suffixes = null, TimeSpan? connectTimeout = null)
    {
        var options = new EgressHttpOptions { Suffixes = suffixes ?? [] };
        return new HttpClient(guard.CreateHttpHandler(options with { ConnectTimeout = connectTimeout ?? options.ConnectTimeout }));
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var bare = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pfx), null);
    }

    private sealed class NeverResolver : IHostResolver
    {
        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
            new TaskCompletionSource<IPAddress[]>().Task;
    }
}
