using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.Testing.Wire;

/// <summary>
/// Stands between a client and a stand-in. Requests that change something go through one at a time, in an order that a seed chooses among those that wait; after each of
/// them something is done before the client hears of it.
/// </summary>
internal sealed class WriteGate : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _behind;
    private readonly Func<string, string, string, string?> _writeOf;
    private readonly Random _random;
    private readonly List<TaskCompletionSource> _waiting = [];
    private bool _isBusy;

    private WriteGate(WebApplication app, Uri behind, Func<string, string, string, string?> writeOf, int seed)
    {
        (_app, _writeOf, _random) = (app, writeOf, new Random(seed));
        _behind = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = behind, Timeout = TimeSpan.FromMinutes(5) };
    }

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>What is done after each request that changed something, given what it was.</summary>
    public Func<string, Task>? After { get; set; }

    /// <param name="behind">The stand-in.</param>
    /// <param name="writeOf">By method, path with query, and body: what a request changes, or null.</param>
    /// <param name="seed">Of the order.</param>
    public static async Task<WriteGate> StartAsync(Uri behind, Func<string, string, string, string?> writeOf, int seed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var gate = new WriteGate(app, behind, writeOf, seed);
        app.Run(gate.PassAsync);
        await app.StartAsync();
        return gate;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _behind.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (_writeOf(context.Request.Method, $"{context.Request.Path}{context.Request.QueryString}", body) is not { } write)
        {
            await ForwardAsync(context, body);
            return;
        }

        await TurnAsync();
        try
        {
            var answer = await SendAsync(context, body);
            if (After is { } after) await after(write);
            await AnswerAsync(context, answer);
        }
        finally
        {
            Next();
        }
    }

    private async Task ForwardAsync(HttpContext context, string body) => await AnswerAsync(context, await SendAsync(context, body));

    private async Task<HttpResponseMessage> SendAsync(HttpContext context, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), $"{context.Request.Path.ToUriComponent()}{context.Request.QueryString}");
        if (body.Length > 0) request.Content = new StringContent(body);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (name is "Content-Length" or "Transfer-Encoding") continue;
            if (name == "Content-Type") request.Content?.Headers.Remove(name);
            if (!request.Headers.TryAddWithoutValidation(name, [.. values])) request.Content?.Headers.TryAddWithoutValidation(name, [.. values]);
        }

        return await _behind.SendAsync(request, CancellationToken.None);
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer)
    {
        using var sent = answer;
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (name is not ("Transfer-Encoding" or "Content-Length")) context.Response.Headers[name] = values.ToArray();
        await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
    }

    private async Task TurnAsync()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            _waiting.Add(turn);
            if (!_isBusy) Choose();
        }

        await turn.Task;
    }

    private void Next()
    {
        lock (_waiting)
        {
            _isBusy = false;
            Choose();
        }
    }

    private void Choose()
    {
        if (_waiting.Count == 0) return;
        var chosen = _waiting[_random.Next(_waiting.Count)];
        _waiting.Remove(chosen);
        _isBusy = true;
        chosen.SetResult();
    }
}
