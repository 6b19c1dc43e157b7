using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Sluice.EndToEnd.Tests;

/// <summary>How a receiver answers.</summary>
internal enum Reception
{
    /// <summary>It takes what comes.</summary>
    Takes,

    /// <summary>It takes what comes, a while later.</summary>
    Dawdles,

    /// <summary>Whatever stands before it answers 503.</summary>
    Status503,

    /// <summary>It is up and answers UNAVAILABLE, as gRPC says it.</summary>
    Unavailable,

    /// <summary>It takes the request and never answers.</summary>
    Hangs,
}

/// <summary>
/// A receiver of OpenTelemetry over gRPC on this machine (https://opentelemetry.io/docs/specs/otlp/#otlpgrpc), as plain HTTP/2: a call is a POST whose body is a byte of flags, the
/// length, and the message; the status comes as a trailer (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const string Logs = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    private const int Prefix = 5;

    private static readonly TimeSpan Dawdling = TimeSpan.FromMilliseconds(300);

    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>What the server is told by <c>--otlp-endpoint</c>.</summary>
    public string Url => _app.Urls.Single();

    public Reception Reception { get; set; }

    /// <summary>Every log record that was taken.</summary>
    public ConcurrentQueue<OtlpRecord> Records { get; } = [];

    /// <summary>How many calls with log records came, taken or not.</summary>
    public int Calls { get; private set; }

    /// <summary>Records of the audit trail and of queries, by their stream and number, with how often each came.</summary>
    public IReadOnlyDictionary<(string Stream, long Sequence), int> Events(string name) => Records
        .Where(r => r.EventName == name)
        .GroupBy(static r => (r.Attributes["sluice.stream"], long.Parse(r.Attributes["sluice.sequence"])))
        .ToDictionary(static g => g.Key, static g => g.Count());

    public static async Task<OtlpReceiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, static listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.AnswerAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (context.Request.Path == Logs)
        {
            Calls++;
            switch (Reception)
            {
                case Reception.Status503:
                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    return;
                case Reception.Unavailable:
                    await EndAsync(context, status: "14");
                    return;
                case Reception.Hangs:
                    await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                    context.Abort();
                    return;
                case Reception.Dawdles:
                    await Task.Delay(Dawdling, context.RequestAborted);
                    break;
                default:
                    break;
            }

            foreach (var record in OtlpRecord.Read(Message(body.ToArray()))) Records.Enqueue(record);
        }

        await EndAsync(context, status: "0");
    }

    private static async Task EndAsync(HttpContext context, string status)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[Prefix]);
        context.Response.AppendTrailer("grpc-status", status);
    }

    private static ReadOnlyMemory<byte> Message(byte[] body)
    {
        body[0].ShouldBe((byte)0, "nothing is compressed");
        var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1));
        body.Length.ShouldBe(Prefix + length);
        return body.AsMemory(Prefix);
    }
}
