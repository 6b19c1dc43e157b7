using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Sluice.Platforms.Snowflake.Login;

/// <summary>An authority that answers what a test says.</summary>
internal sealed class FakeAuthority : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeAuthority(WebApplication application) => _application = application;

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public Func<Asked, (int Status, string Type, string Body)> Answer { get; set; } =
        static _ => (200, "application/json", """{"access_token": "at-1", "token_type": "Bearer", "expires_in": 600}""");

    public string Address => _application.Urls.Single();

    public static async Task<FakeAuthority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var authority = new FakeAuthority(builder.Build());
        authority._application.Run(authority.AnswerAsync);
        await authority._application.StartAsync();
        return authority;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var form = QueryHelpers.ParseQuery(await reader.ReadToEndAsync()).ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);
        var asked = new Asked(context.Request.Method, context.Request.Path.Value!, form, context.Request.Headers.Authorization.ToString());
        Requests.Enqueue(asked);
        var (status, type, body) = Answer(asked);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        if (status == 302) context.Response.Headers.Location = "https://elsewhere.example.com/login";
        await context.Response.WriteAsync(body);
    }

    /// <summary>What was asked.</summary>
    internal sealed record Asked(string Method, string Path, IReadOnlyDictionary<string, string> Form, string Authorization);
}
