using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using Sluice.Core.Connections;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Tests.Http;

public sealed class PlatformHttpClientTests
{
    private static readonly RetryPolicy Quick = new() { Attempts = 3, BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1) };

    private readonly AdaptiveLimiter _limiter = new();

    [Fact]
    public async Task An_answer_is_read_whole()
    {
        await using var server = TinyServer.Answering(TinyServer.Response(200, "{}", "Content-Type: application/json", "X-Id: 7"));
        using var client = Client();
        using var response = await SendAsync(client, server);
        response.Status.ShouldBe(HttpStatusCode.OK);
        response.MediaType.ShouldBe("application/json");
        response.Headers.GetValues("X-Id").ShouldBe(["7"]);
        Encoding.ASCII.GetString(response.Body.Span).ShouldBe("{}");
        _limiter.Running.ShouldBe(0);
    }

    [Fact]
    public async Task Each_attempt_has_a_request_of_its_own()
    {
        var heads = new List<string>();
        await using var server = TinyServer.Answering(head =>
        {
            heads.Add(head);
            return TinyServer.Response(heads.Count < 3 ? 503 : 200, "");
        });
        using var client = Client();
        var attempt = 0;
        using var response = await client.SendAsync(
            "test:Call",
            _ =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, Url(server)) { Content = new StringContent("body") };
                request.Headers.Add("X-Signature", $"{++attempt}");
                return ValueTask.FromResult(request);
            },
            CancellationToken.None);
        heads.Select(head => head.Split("X-Signature: ")[1][..1]).ShouldBe(["1", "2", "3"]);
    }

    [Theory]
    [InlineData(302, PlatformFailure.Refused, 1)]
    [InlineData(400, PlatformFailure.Refused, 1)]
    [InlineData(401, PlatformFailure.CredentialsRejected, 1)]
    [InlineData(403, PlatformFailure.AccessDenied, 1)]
    [InlineData(404, PlatformFailure.NotFound, 1)]
    [InlineData(429, PlatformFailure.Throttled, 3)]
    [InlineData(500, PlatformFailure.Unavailable, 3)]
    [InlineData(501, PlatformFailure.Refused, 1)]
    [InlineData(503, PlatformFailure.Unavailable, 3)]
    public async Task A_refusal_says_why_but_does_not_repeat_the_body(int status, PlatformFailure failure, int attempts)
    {
        var requests = 0;
        await using var server = TinyServer.Answering(_ =>
        {
            requests++;
            return TinyServer.Response(status, "root:x:0:0", "Location: http://169.254.169.254/", "X-Leak: secret");
        });
        using var client = Client();
        var refusal = await Should.ThrowAsync<PlatformException>(() => SendAsync(client, server));
        refusal.Failure.ShouldBe(failure);
        refusal.Message.ShouldContain($"{status}");
        ShouldNotLeak(refusal, "root:x", "169.254", "secret");
        requests.ShouldBe(attempts);
        _limiter.Running.ShouldBe(0);
    }

    [Fact]
    public async Task A_throttled_request_lowers_the_limit()
    {
        await using var server = TinyServer.Answering(TinyServer.Response(429, ""));
        using var client = Client(new PlatformHttpOptions { Retry = RetryPolicy.None });
        await Should.ThrowAsync<PlatformException>(() => SendAsync(client, server));
        _limiter.CurrentLimit.ShouldBe(4);
    }

    [Fact]
    public async Task The_platforms_own_reader_of_refusals_decides_and_the_pause_it_asks_for_holds()
    {
        var requests = 0;
        await using var server = TinyServer.Answering(_ =>
            ++requests == 1 ? TinyServer.Response(400, "Rate exceeded", "Retry-After: 7") : TinyServer.Response(200, ""));
        var time = new ManualTime();
        using var client = Client(
            new PlatformHttpOptions
            {
                Refusal = response => response.IsSuccess
                    ? null
                    : new PlatformException(PlatformFailure.Throttled, Encoding.ASCII.GetString(response.Body.Span)) { Code = "Slow" },
            },
            time);

        var pending = SendAsync(client, server);
        TimeSpan pause;
        do
            pause = await time.NextTimerAsync();
        while (pause.TotalSeconds is < 7 or >= 8);
        time.Advance(pause);

        (await pending).Dispose();
        requests.ShouldBe(2);
        _limiter.CurrentLimit.ShouldBe(4);
    }

    [Fact]
    public async Task A_refusal_keeps_its_code_when_the_pause_is_added()
    {
        await using var server = TinyServer.Answering(TinyServer.Response(400, "", "Retry-After: 7"));
        using var client = Client(new PlatformHttpOptions
        {
            Retry = RetryPolicy.None,
            Refusal = static _ => new PlatformException(PlatformFailure.Throttled, "slow") { Code = "Slow" },
        });
        var refusal = await Should.ThrowAsync<PlatformException>(() => SendAsync(client, server));
        (refusal.Code, refusal.RetryAfter, refusal.Message).ShouldBe(("Slow", TimeSpan.FromSeconds(7), "slow"));
    }

    [Fact]
    public async Task A_body_without_end_is_cut_at_the_limit_and_the_connection_closed()
    {
        var closed = new TaskCompletionSource();
        await using var server = new TinyServer(async (stream, stop) =>
        {
            await TinyServer.ReadRequestAsync(stream, stop);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), stop);
            var chunk = Encoding.ASCII.GetBytes($"1000\r\n{new string('x', 4096)}\r\n");
            try
            {
                while (true)
                    await stream.WriteAsync(chunk, stop);
            }
            catch (IOException)
            {
                closed.SetResult();
            }
        });
        using var client = Client(new PlatformHttpOptions { MaxResponseBytes = 100_000, Retry = Quick });
        (await Should.ThrowAsync<PlatformException>(() => SendAsync(client, server))).Failure.ShouldBe(PlatformFailure.Refused);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        server.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_decompression_bomb_ends_at_the_limit(string encoding)
    {
        var bomb = Compress(encoding, new byte[10_000_000]);
        bomb.Length.ShouldBeLessThan(100_000);
        await using var server = Sending(bomb, encoding);
        using var client = Client(new PlatformHttpOptions { MaxResponseBytes = 100_000, Retry = Quick });
        (await Should.ThrowAsync<PlatformException>(() => SendAsync(client, server))).Failure.ShouldBe(PlatformFailure.Refused);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_compressed_body_is_decompressed(string encoding)
    {
        await using var server = Sending(Compress(encoding, "hello"u8.ToArray()), encoding);
        using var client = Client();
        using var response = await SendAsync(client, server);
        Encoding.ASCII.GetString(response.Body.Span).ShouldBe("hello");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_body_that_only_claims_to_be_compressed_is_refused(string encoding)
    {
        await using var server = Sending("root:x:0:0:root"u8.ToArray(), encoding);
        using var client = Client();
        var refusal = await Should.ThrowAsync<PlatformException>(() => SendAsync(client, server));
        refusal.Failure.ShouldBe(PlatformFailure.Refused);
        ShouldNotLeak(refusal, "root:x");
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2 secret\r\n")]
    [InlineData("HTTP/1.1 2x0 secret\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nsecret header line\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsecret\r\n")]
    public async Task What_is_not_HTTP_is_refused_and_not_repeated(string answer)
    {
        await using var server = new TinyServer(async (stream, stop) =>
        {
            await TinyServer.ReadRequestAsync(stream, stop);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), stop);
        });
        using var client = Client();
        var refusal = await Should.ThrowAsync<PlatformException>(() => SendAsync(client, server));
        refusal.Failure.ShouldBeOneOf(PlatformFailure.Refused, PlatformFailure.Unreachable);
        ShouldNotLeak(refusal, "secret", "SSH");
    }

    [Fact]
    public async Task Headers_without_end_are_cut()
    {
        await using var server = new TinyServer(async (stream, stop) =>
        {
            await TinyServer.ReadRequestAsync(stream, stop);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stop);
            while (true)
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-A: {new string('a', 1000)}\r\n"), stop);
        });
        using var client = Client();
        await Should.ThrowAsync<PlatformException>(() => SendAsync(client, server));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", "X-A: a\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", "x")]
    public async Task An_answer_that_drips_ends_with_the_attempt(string start, string drop)
    {
        await using var server = new TinyServer(async (stream, stop) =>
        {
            await TinyServer.ReadRequestAsync(stream, stop);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(start), stop);
            using var dripping = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await dripping.WaitForNextTickAsync(stop))
                await stream.WriteAsync(Encoding.ASCII.GetBytes(drop), stop);
        });
        using var client = Client(new PlatformHttpOptions { AttemptTimeout = TimeSpan.FromMilliseconds(200), Retry = Quick });
        var failure = await Should.ThrowAsync<PlatformException>(() => SendAsync(client, server));
        failure.Failure.ShouldBe(PlatformFailure.Unreachable);
        failure.Message.ShouldContain("within 0.2 seconds");
        server.Connections.ShouldBe(Quick.Attempts);
        _limiter.Running.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12")]
    public async Task A_dropped_connection_is_tried_again(string untilThen)
    {
        var requests = 0;
        await using var server = new TinyServer(async (stream, stop) =>
        {
            await TinyServer.ReadRequestAsync(stream, stop);
            var answer = Interlocked.Increment(ref requests) < 3 ? untilThen : TinyServer.Response(200, "done");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), stop);
        });
        using var client = Client();
        using var response = await SendAsync(client, server);
        Encoding.ASCII.GetString(response.Body.Span).ShouldBe("done");
    }

    [Fact]
    public async Task What_the_guard_denies_is_not_tried_again()
    {
        using var client = Client();
        var creations = 0;
        var denial = await Should.ThrowAsync<PlatformException>(() => client.SendAsync(
            "test:Call",
            _ =>
            {
                creations++;
                return ValueTask.FromResult(new HttpRequestMessage(HttpMethod.Get, "http://169.254.169.254/"));
            },
            CancellationToken.None));
        denial.Failure.ShouldBe(PlatformFailure.EgressDenied);
        creations.ShouldBe(1);
        _limiter.Running.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_that_can_not_be_made_gives_its_place_back()
    {
        using var client = Client();
        await Should.ThrowAsync<InvalidOperationException>(() =>
            client.SendAsync("test:Call", static _ => throw new InvalidOperationException(), CancellationToken.None));
        _limiter.Running.ShouldBe(0);
    }

    [Fact]
    public async Task A_reader_of_refusals_that_fails_gives_the_place_back()
    {
        await using var server = TinyServer.Answering(TinyServer.Response(200, "x"));
        using var client = Client(new PlatformHttpOptions { Refusal = static _ => throw new FormatException() });
        await Should.ThrowAsync<FormatException>(() => SendAsync(client, server));
        _limiter.Running.ShouldBe(0);
    }

    [Fact]
    public async Task The_callers_cancellation_is_no_failure_of_the_platform()
    {
        var arrived = new TaskCompletionSource();
        await using var server = new TinyServer(async (stream, stop) =>
        {
            await TinyServer.ReadRequestAsync(stream, stop);
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
        });
        using var client = Client();
        using var giveUp = new CancellationTokenSource();
        var pending = client.SendAsync("test:Call", Get(server), giveUp.Token);
        await arrived.Task;
        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => pending);
        _limiter.Running.ShouldBe(0);
    }

    [Fact]
    public async Task An_unreachable_host_is_known_within_the_deadline_of_a_person()
    {
        var time = Stopwatch.StartNew();
        using var client = Client(new PlatformHttpOptions { Retry = RetryPolicy.Interactive });
        var url = $"http://127.0.0.1:{TinyServer.FreePort()}/";
        var failure = await Should.ThrowAsync<PlatformException>(() => client.SendAsync(
            "test:Call", _ => ValueTask.FromResult(new HttpRequestMessage(HttpMethod.Get, url)), CancellationToken.None));
        failure.Failure.ShouldBe(PlatformFailure.Unreachable);
        failure.Message.ShouldContain("refuses connections");
        time.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Never_more_requests_run_than_the_limiter_allows()
    {
        var (running, most) = (0, 0);
        var both = new SemaphoreSlim(0);
        await using var server = new TinyServer(async (stream, stop) =>
        {
            while (await TinyServer.ReadRequestAsync(stream, stop) is not null)
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(TinyServer.Response(200, "")), stop);
                both.Release();
            }
        });
        using var client = Client(limiter: new AdaptiveLimiter(new LimiterBounds { Initial = 3, Maximum = 3 }));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ => (await SendAsync(client, server)).Dispose()));
        most.ShouldBeInRange(1, 3);
        server.Connections.ShouldBeLessThanOrEqualTo(3);
    }

    private static TinyServer Sending(byte[] body, string encoding) => new(async (stream, stop) =>
    {
        while (await TinyServer.ReadRequestAsync(stream, stop) is not null)
        {
            var head = $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nContent-Encoding: {encoding}\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), stop);
            await stream.WriteAsync(body, stop);
        }
    });

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        using var result = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(result, CompressionLevel.Fastest) : new GZipStream(result, CompressionLevel.Fastest))
            stream.Write(bytes);
        return result.ToArray();
    }

    private static void ShouldNotLeak(Exception exception, params string[] words)
    {
        foreach (var word in words)
            exception.ToString().ShouldNotContain(word);
    }

    private static Uri Url(TinyServer server) => new($"http://127.0.0.1:{server.Port}/");

    private static Func<CancellationToken, ValueTask<HttpRequestMessage>> Get(TinyServer server)
    {
        var url = Url(server);
        return _ => ValueTask.FromResult(new HttpRequestMessage(HttpMethod.Get, url));
    }

    private static Task<PlatformResponse> SendAsync(PlatformHttpClient client, TinyServer server) =>
        client.SendAsync("test:Call", Get(server), CancellationToken.None);

    private PlatformHttpClient Client(PlatformHttpOptions? options = null, TimeProvider? time = null, AdaptiveLimiter? limiter = null)
    {
        var guard = new EgressGuard(new EgressPolicy { AllowLoopback = true });
        return new PlatformHttpClient(
            Technology.Glue,
            guard.CreateHttpHandler(new EgressHttpOptions()),
            options ?? new PlatformHttpOptions { Retry = Quick },
            limiter ?? _limiter,
            time ?? TimeProvider.System);
    }
}
