using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Admin;

/// <summary>
/// The sandbox's own knobs below /_sandbox: no part of Databricks, without a token, for this machine only.
/// </summary>
internal sealed class AdminEndpoint(SandboxRuntime runtime)
{
    public const string Root = "/_sandbox";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

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
        catch (Exception problem) when (problem is JsonException or ArgumentException)
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
            case ("POST", "/catalog"):
                OwnerChanges.Run(runtime, (await ReadAsync<ChangesBody>(request)).Statements);
                context.Response.StatusCode = 204;
                break;
            case ("POST", "/reset"):
                runtime.Reset();
                context.Response.StatusCode = 204;
                break;
            case ("PUT", "/warehouse"):
                runtime.Warehouse.Set((await ReadAsync<ComputeBody>(request)).State);
                context.Response.StatusCode = 204;
                break;
            case ("PUT", "/cluster"):
                runtime.SetCluster((await ReadAsync<ComputeBody>(request)).State);
                context.Response.StatusCode = 204;
                break;
            case ("PUT", "/principals"):
                var principal = await ReadAsync<SandboxPrincipal>(request);
                runtime.Tokens.PersonalTokenOf(principal.Name);
                runtime.Change(state => state with { Principals = state.Principals.With(principal) });
                context.Response.StatusCode = 204;
                break;
            case ("POST", "/tokens"):
                var whose = (await ReadAsync<TokenBody>(request)).Principal;
                if (runtime.State.Principals.Find(whose) is not { Kind: SandboxPrincipalKind.User or SandboxPrincipalKind.ServicePrincipal }) throw new ArgumentException($"There is no user or service principal {whose}.", nameof(context));
                await AnswerAsync(context, 200, new { token = runtime.Tokens.PersonalTokenOf(whose) });
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

    private sealed record FaultsBody(IReadOnlyList<DatabricksSandboxFault> Faults);

    private sealed record ComputeBody(SandboxComputeState State);

    private sealed record TokenBody(string Principal);

    private sealed record ChangesBody(IReadOnlyList<string> Statements);
}
