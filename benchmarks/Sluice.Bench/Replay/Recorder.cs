using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Bench.Processes;

namespace Sluice.Bench.Replay;

/// <summary>A request as it came.</summary>
internal sealed record RecordedRequest(DateTimeOffset At, string Method, string Path, byte[] Body, string? ContentType, string? ContentEncoding);

/// <summary>Passes requests on to a stand-in and writes them down. It stands there for one crawl that is not measured.</summary>
internal sealed class Recorder : IAsyncDisposable
{
    private static readonly string[] NotPassedOn = ["Transfer-Encoding", "Connection", "Keep-Alive"];
    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private readonly ConcurrentQueue<RecordedRequest> _requests = [];
    private readonly TimeProvider _time;

    private Recorder(WebApplication app, Uri target, int port, TimeProvider time)
    {
        _app = app;
        _time = time;
        Port = port;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = target, Timeout = TimeSpan.FromMinutes(5) };
    }

    public int Port { get; }

    /// <summary>What came since a moment, in order.</summary>
    public IReadOnlyList<RecordedRequest> Since(DateTimeOffset moment) => [.. _requests.Where(r => r.At >= moment)];

    public static async Task<Recorder> StartAsync(Uri target, TimeProvider time, CancellationToken cancellationToken)
    {
        var port = ChildProcess.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        var recorder = new Recorder(builder.Build(), target, port, time);
        recorder._app.Run(recorder.PassOnAsync);
        await recorder._app.StartAsync(cancellationToken);
        return recorder;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        var at = _time.GetUtcNow();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var path = $"{context.Request.Path.ToUriComponent()}{context.Request.QueryString}";
        _requests.Enqueue(new RecordedRequest(at, context.Request.Method, path, body.ToArray(), context.Request.ContentType, context.Request.Headers.ContentEncoding));
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), path);
        if (body.Length > 0) request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in context.Request.Headers)
        {
            if (NotPassedOn.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            if (!NotPassedOn.Contains(name, StringComparer.OrdinalIgnoreCase)) context.Response.Headers[name] = values.ToArray();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
