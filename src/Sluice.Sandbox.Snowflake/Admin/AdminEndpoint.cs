using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Sluice.Sandbox.Snowflake.Faults;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Admin;

/// <summary>The sandbox's own knobs below /_sandbox: no part of Snowflake, without authentication, for this machine only.</summary>
internal sealed class AdminEndpoint(SandboxRuntime runtime)
{
    public const string Root = "/_sandbox";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public async Task InvokeAsync(HttpContext context)
    {
        // A page in a browser reaches loopback too; its Host is then a name of its own.
        var local = context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
            && context.Request.Host.Host is "127.0.0.1" or "localhost" or "[::1]";
        if (!local || IsForeign(context.Request))
        {
            await AnswerAsync(context, 403, new { error = "Only from this machine, by its loopback address, and from no page of another site." });
            return;
        }

        try
        {
            await RouteAsync(context);
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException or SnowflakeException)
        {
            await AnswerAsync(context, 400, new { error = problem.Message });
        }
    }

    /// <summary>A browser says whose page asks; what isn't one says nothing. A page of another port is a stranger too.</summary>
    private static bool IsForeign(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return (origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            || site is not ("" or "same-origin" or "none");
    }

    private async Task RouteAsync(HttpContext context)
    {
        var request = context.Request;
        switch ((request.Method, request.Path.Value![Root.Length..]))
        {
            case ("GET", "/faults"):
                await AnswerAsync(context, 200, new FaultsBody(runtime.Faults.Faults));
                break;
            case ("PUT", "/faults"):
                runtime.Faults.Replace((await ReadAsync<FaultsBody>(request)).Faults);
                await AnswerAsync(context, 200, new FaultsBody(runtime.Faults.Faults));
                break;
            case ("GET", "/requests"):
                await AnswerAsync(context, 200, runtime.Requests.Snapshot());
                break;
            case ("DELETE", "/requests"):
                runtime.Requests.Clear();
                context.Response.StatusCode = 204;
                break;
            case ("POST", "/statements"):
                runtime.Change((await ReadAsync<StatementsBody>(request)).Statements);
                context.Response.StatusCode = 204;
                break;
            case ("POST", "/sessions/expire"):
                runtime.Sessions.ExpireAll();
                context.Response.StatusCode = 204;
                break;
            case ("POST", "/reset"):
                runtime.Reset();
                context.Response.StatusCode = 204;
                break;
            default:
                await AnswerAsync(context, 404, new { error = $"There is no {request.Method} {request.Path}." });
                break;
        }
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request) =>
        await JsonSerializer.DeserializeAsync<T>(request.Body, Json, request.HttpContext.RequestAborted)
        ?? throw new JsonException("The body must not be null.");

    private static async Task AnswerAsync<T>(HttpContext context, int status, T body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, body, Json, context.RequestAborted);
    }

    private sealed record FaultsBody(IReadOnlyList<SnowflakeSandboxFault> Faults);

    private sealed record StatementsBody(IReadOnlyList<string> Statements);
}
