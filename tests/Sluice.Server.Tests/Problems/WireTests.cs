using System.Net.Sockets;
using System.Text;

namespace Sluice.Server.Tests.Problems;

/// <summary>What stands on the wire: the web server's own refusals, and how a body is measured.</summary>
public sealed class WireTests
{
    public static TheoryData<string, int, string> Refusals => new()
    {
        { "GET /data/object/shop/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "SLU0001" },
        { "GET /data/object/shop/\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "SLU0001" },
        { "GET /jobs HTTP/1.1\r\n\r\n", 400, "SLU0001" },
        { "GET /jobs HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "SLU0001" },
        { "POST /jobs/statuses HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n", 400, "SLU0001" },
        { "GET /jobs HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n", 400, "SLU0001" },
        { "nonsense\r\n\r\n", 400, "SLU0001" },
        { "GET * HTTP/1.1\r\nHost: x\r\n\r\n", 405, "SLU0202" },
        { $"GET /{new string('a', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n", 414, "SLU0403" },
        { $"GET /jobs HTTP/1.1\r\nHost: x\r\nX-Long: {new string('a', 40000)}\r\n\r\n", 431, "SLU0404" },
        { "GET /jobs HTTP/3.7\r\nHost: x\r\n\r\n", 505, "SLU0406" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_the_web_server_refuses_is_a_problem_too(string request, int status, string code)
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await SendAsync(server, Encoding.Latin1.GetBytes(request));

        answer.Status.ShouldBe(status, answer.Head);
        answer.Head.ShouldContain("Content-Type: application/problem+json");
        answer.Head.ShouldContain("Connection: close");
        answer.Json["code"]!.GetValue<string>().ShouldBe(code);
        answer.Json["status"]!.GetValue<int>().ShouldBe(status);
        answer.Json["traceId"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_refusal_comes_after_the_answers_that_were_due_before_it()
    {
        await using var server = await RunningServer.StartAsync();

        var all = await TextAsync(server, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /%00 HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());

        all.ShouldStartWith("HTTP/1.1 200 OK");
        all.Split("HTTP/1.1 ").Length.ShouldBe(3, all);
        all.ShouldContain("HTTP/1.1 400 Bad Request");
        all.ShouldEndWith("}");
    }

    [Fact]
    public async Task A_refused_HEAD_has_no_body()
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await SendAsync(server, "HEAD /jobs HTTP/1.1\r\n\r\n"u8.ToArray());

        answer.Status.ShouldBe(400);
        answer.Body.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1024 * 1024, 1024 * 1024, 200)]
    [InlineData(1024 * 1024, 65536, 200)]
    [InlineData(600 * 1024, 1, 200)]
    [InlineData((1024 * 1024) + 1, 4096, 413)]
    public async Task The_bytes_of_a_body_are_counted_and_not_those_of_its_chunks(int size, int chunk, int status)
    {
        await using var server = await RunningServer.StartAsync();
        var body = Encoding.ASCII.GetBytes("{}".PadRight(size));
        using var request = new MemoryStream();
        request.Write(Encoding.ASCII.GetBytes($"PUT /data/settings/lake HTTP/1.1\r\nHost: x\r\nAuthorization: {server.AdminKey}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"));
        for (var at = 0; at < size; at += chunk)
        {
            var length = Math.Min(chunk, size - at);
            request.Write(Encoding.ASCII.GetBytes($"{length:x}\r\n"));
            request.Write(body, at, length);
            request.Write("\r\n"u8);
        }

        request.Write("0\r\n\r\n"u8);

        (await SendAsync(server, request.ToArray())).Status.ShouldBe(status);
    }

    private static async Task<RawAnswer> SendAsync(RunningServer server, byte[] request) => RawAnswer.Read(await TextAsync(server, request));

    private static async Task<string> TextAsync(RunningServer server, byte[] request)
    {
        using var client = new TcpClient();
        var cancellationToken = TestContext.Current.CancellationToken;
        await client.ConnectAsync(server.Url.Host, server.Url.Port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(request, cancellationToken);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, cancellationToken);
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
