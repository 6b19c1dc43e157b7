using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Engine.Callers;

namespace Sluice.Server.Tests.Operations;

public sealed class OperationsTests
{
    [Fact]
    public async Task Health_and_readiness_need_no_token_and_readiness_follows_the_database()
    {
        await using var server = await RunningServer.StartAsync();

        (await (await server.SendAsync("GET", "/healthz", null, null)).TextAsync()).ShouldBe("ok\n");
        (await (await server.SendAsync("GET", "/readyz", null, null)).TextAsync()).ShouldBe("ready\n");
        server.Room.Database.IsReady = false;
        await (await server.SendAsync("GET", "/readyz", null, null)).ProblemAsync(503, "SLU0902");
        (await (await server.SendAsync("GET", "/healthz", null, null)).TextAsync()).ShouldBe("ok\n");
    }

    [Fact]
    public async Task The_database_is_brought_up_to_date_before_anything_is_served()
    {
        await using var server = await RunningServer.StartAsync();

        server.Room.Database.Migrations.ShouldBe(1);
    }

    [Fact]
    public async Task Metrics_on_the_api_need_METRICS()
    {
        await using var server = await RunningServer.StartAsync();
        await server.SendAsync("GET", "/jobs", null, "wrong");

        await (await server.SendAsync("GET", "/metrics", null, null)).ProblemAsync(401, "SLU0101");
        await (await server.SendAsync("GET", "/metrics", null, server.KeyWith(Permission.ApplicationAdmin))).ProblemAsync(403, "SLU0102");
        using var answer = await server.SendAsync("GET", "/metrics", null, server.KeyWith(Permission.Metrics));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await answer.TextAsync();
        text.ShouldContain("# TYPE http_server_request_duration_seconds histogram");
        text.ShouldContain("sluice_authentication_failures_total");
    }

    [Fact]
    public async Task The_metrics_listener_serves_metrics_and_health_and_nothing_else()
    {
        await using var server = await RunningServer.StartAsync("--metrics-urls", "http://127.0.0.1:0");
        var metrics = server.Server.MetricsUrls.Single();
        metrics.ShouldNotBe(server.Server.Urls.Single());

        (await server.SendAsync("GET", metrics + "/metrics", null, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", metrics + "/readyz", null, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in (string[])["/jobs", "/docs", "/openapi/v1.json", "/data/connection/lake", "/data/object/lake"])
            await (await server.SendAsync("GET", metrics + path)).ProblemAsync(404, "SLU0201");
        await (await server.SendAsync("GET", "/metrics", null, null)).ProblemAsync(401, "SLU0101");
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var path in (string[])["/jobs", "/nothing", "/data/connection/lake", "/healthz"])
        {
            using var answer = await server.SendAsync("GET", path);
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.CacheControl!.ToString().ShouldBe("no-store");
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
            answer.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task One_caller_is_limited_without_limiting_another()
    {
        await using var server = await RunningServer.StartAsync("--rate-limit", "1");
        var greedy = server.KeyOf("oidc:greedy");
        HttpResponseMessage answer;
        var allowed = 0;
        do
        {
            answer = await server.SendAsync("GET", "/jobs", null, greedy);
            allowed++;
        }
        while (answer.StatusCode == HttpStatusCode.OK && allowed < 1000);

        await answer.ProblemAsync(429, "SLU0601");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await server.SendAsync("GET", "/jobs", null, server.KeyOf("oidc:modest"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/healthz", null, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Neither_queries_nor_tokens_nor_bodies_are_logged_at_any_level()
    {
        await using var server = await RunningServer.StartAsync("--log-level", "debug");
        await server.SendAsync("GET", "/data/object?objectPath=[%22planted-query%22]");
        await server.SendAsync("PUT", "/data/connection/lake", """{"connection":{"secretAccessKey":"planted-body"}}""");
        await server.SendAsync("GET", "/jobs", null, "Bearer planted-token");
        server.Room.Connections.Fails = new InvalidOperationException("broken");
        await server.SendAsync("GET", "/data/connection/lake");

        var log = string.Join('\n', server.Room.Log.Lines);

        log.ShouldContain("GET /data/object 200");
        log.ShouldContain("by administrator");
        log.ShouldNotContain("planted");
        log.ShouldNotContain(server.AdminKey);
    }

    [Fact]
    public async Task The_server_serves_tls_with_a_pem_certificate()
    {
        var directory = Directory.CreateTempSubdirectory("sluice-tls-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var certificateFile = Path.Combine(directory, "tls.crt");
        var keyFile = Path.Combine(directory, "tls.key");
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await using var server = await RunningServer.StartAsync(
            "--urls=https://127.0.0.1:0", "--tls-cert", certificateFile, "--tls-key", keyFile);
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.GetCertHashString() == certificate.GetCertHashString() },
        };
        using var client = new HttpClient(handler);

        using var answer = await client.GetAsync(server.Server.Urls.Single() + "/healthz", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeTrue();
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Forwarded_addresses_are_believed_from_known_proxies_only(bool isKnown)
    {
        string[] flags = isKnown
            ? ["--auth-failure-limit", "1", "--forwarded-headers", "127.0.0.1"]
            : ["--auth-failure-limit", "1", "--forwarded-headers", "10.9.8.7"];
        await using var server = await RunningServer.StartAsync(flags);

        using var first = await From("203.0.113.1");
        using var second = await From("203.0.113.2");

        await first.ProblemAsync(401, "SLU0101");
        // Two clients behind a known proxy are two; behind an unknown one they are the one that connects.
        await second.ProblemAsync(isKnown ? 401 : 429, isKnown ? "SLU0101" : "SLU0601");

        Task<HttpResponseMessage> From(string address) =>
            server.SendAsync("GET", "/jobs", null, "wrong", request => request.Headers.TryAddWithoutValidation("X-Forwarded-For", address));
    }

    [Fact]
    public async Task Stopping_lets_the_request_in_hand_end()
    {
        await using var server = await RunningServer.StartAsync();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var leave = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Room.Keys.Slow = async () =>
        {
            entered.TrySetResult();
            await leave.Task;
        };
        var request = server.SendAsync("GET", "/jobs");
        await entered.Task.WaitAsync(TestContext.Current.CancellationToken);

        var stopping = server.Server.StopAsync(TestContext.Current.CancellationToken);
        stopping.IsCompleted.ShouldBeFalse();
        leave.SetResult();

        (await request).StatusCode.ShouldBe(HttpStatusCode.OK);
        await stopping;
    }
}
