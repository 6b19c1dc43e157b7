using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Sandbox.Snowflake.Faults;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>One request of a driver: read, named, met by the faults, served, answered.</summary>
internal sealed class SnowflakeEndpoint(SandboxRuntime runtime, CancellationToken stopping)
{
    private const int LargestBody = 32 * 1024 * 1024;

    private readonly SessionOperations sessions = new(runtime);
    private readonly QueryOperations queries = new(runtime);
    private readonly OAuthOperations oauth = new(runtime);

    public async Task InvokeAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            if (await oauth.TryServeAsync(context, ending.Token)) return;
            await ServeAsync(context, ending.Token);
        }
        catch (SnowflakeException problem)
        {
            runtime.Requests.Failed(problem.Code);
            // Drivers take a 401 with 390104 for a session that is gone; every other error is an answer like any.
            await Answers.ErrorAsync(context, problem, problem.Code == "390104" ? 401 : 200, queryId: null, ending.Token);
        }
        catch (Exception problem) when (problem is JsonException or InvalidDataException)
        {
            await Answers.ErrorAsync(context, new("391902", "22000", "Unable to parse the request body."), 400, queryId: null, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task ServeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(context, cancellationToken);
        var operation = OperationOf(context.Request, body);
        runtime.Requests.Asked(operation);
        var verdict = runtime.Faults.Decide(operation);
        if (verdict.Delay > TimeSpan.Zero) await Task.Delay(verdict.Delay, runtime.Options.Clock, cancellationToken);
        if (verdict.Kind is { } early && await RefuseAsync(context, early)) return;
        var answer = operation switch
        {
            "login" => await sessions.LoginAsync(context.Request, body, cancellationToken),
            "token" => sessions.Renew(context.Request),
            "heartbeat" => sessions.Heartbeat(context.Request),
            "logout" => sessions.Close(context.Request),
            "abort" => queries.Abort(context.Request, body),
            "monitoring" => queries.Monitor(context.Request),
            "telemetry" => Answers.Success(null),
            "chunk" => queries.Chunk(context.Request),
            "result" => await queries.ResultAsync(context.Request, cancellationToken),
            _ when operation.StartsWith("query:", StringComparison.Ordinal) => await queries.StartAsync(context.Request, body, verdict, cancellationToken),
            _ => throw new SnowflakeException("390400", "22000", $"The sandbox doesn't know {context.Request.Method} {context.Request.Path}."),
        };
        if (answer.ErrorCode is { } code) runtime.Requests.Failed(code);
        await SendAsync(context, answer, verdict.Kind, cancellationToken);
    }

    private static string OperationOf(HttpRequest request, JsonObject body)
    {
        var path = request.Path.Value!;
        var posted = request.Method == HttpMethods.Post;
        return path switch
        {
            "/session/v1/login-request" when posted => "login",
            "/session/token-request" when posted => "token",
            "/session/heartbeat" when posted => "heartbeat",
            "/session" when posted && request.Query["delete"] == "true" => "logout",
            "/queries/v1/query-request" when posted => $"query:{KindOf(body)}",
            "/queries/v1/abort-request" when posted => "abort",
            "/telemetry/send" => "telemetry",
            _ when path.StartsWith("/queries/", StringComparison.Ordinal) && path.EndsWith("/abort-request", StringComparison.Ordinal) => "abort",
            _ when path.StartsWith("/queries/", StringComparison.Ordinal) && path.EndsWith("/result", StringComparison.Ordinal) => "result",
            _ when path.StartsWith("/monitoring/queries/", StringComparison.Ordinal) => "monitoring",
            _ when path.StartsWith(QueryOperations.ChunkRoot, StringComparison.Ordinal) => "chunk",
            _ => "unknown",
        };
    }

    private static string KindOf(JsonObject body)
    {
        try
        {
            var statements = StatementText.Split(body["sqlText"]?.ToString() ?? "");
            return statements.Length switch { 0 => "EMPTY", 1 => statements[0].Kind, _ => "MULTIPLE" };
        }
        catch (SnowflakeException)
        {
            return "UNREADABLE";
        }
    }

    /// <summary>The faults that answer in the place of the work. True when the request is done with.</summary>
    private async Task<bool> RefuseAsync(HttpContext context, SnowflakeSandboxFaultKind kind)
    {
        switch (kind)
        {
            case SnowflakeSandboxFaultKind.Drop:
                Abort(context, kind);
                return true;
            case SnowflakeSandboxFaultKind.Throttle or SnowflakeSandboxFaultKind.Unavailable or SnowflakeSandboxFaultKind.ServerError:
                runtime.Requests.Failed(kind.ToString());
                context.Response.StatusCode = kind switch { SnowflakeSandboxFaultKind.Throttle => 429, SnowflakeSandboxFaultKind.Unavailable => 503, _ => 500 };
                await context.Response.WriteAsync("<html><body>The service is not available.</body></html>");
                return true;
            case SnowflakeSandboxFaultKind.StatementTimeout:
                throw new SnowflakeException("000630", "57014", "Statement reached its statement or warehouse timeout of 600 second(s) and was canceled.");
            case SnowflakeSandboxFaultKind.InternalError:
                throw new SnowflakeException("000603", "XX000", "SQL execution internal error:\nProcessing aborted by error 300010:391167117; incident 1234567.");
            case SnowflakeSandboxFaultKind.ExpireSession:
                throw Sessions.SessionStore.Expired();
            default:
                return false;
        }
    }

    private async Task SendAsync(HttpContext context, Answer answer, SnowflakeSandboxFaultKind? kind, CancellationToken cancellationToken)
    {
        if (kind == SnowflakeSandboxFaultKind.DropAfterCommit)
        {
            Abort(context, SnowflakeSandboxFaultKind.DropAfterCommit);
            return;
        }

        if (kind == SnowflakeSandboxFaultKind.HangAfterCommit)
        {
            runtime.Requests.Failed(nameof(SnowflakeSandboxFaultKind.HangAfterCommit));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Abort();
            return;
        }

        if (kind == SnowflakeSandboxFaultKind.CutAnswer)
        {
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body[..(answer.Body.Length / 2)], cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
            Abort(context, SnowflakeSandboxFaultKind.CutAnswer);
            return;
        }

        await Answers.SendAsync(context, answer, cancellationToken);
    }

    private void Abort(HttpContext context, SnowflakeSandboxFaultKind kind)
    {
        runtime.Requests.Failed(kind.ToString());
        context.Abort();
    }

    private static async Task<JsonObject> ReadBodyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var source = context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        using var body = new MemoryStream();
        var part = new byte[16 * 1024];
        int read;
        while ((read = await source.ReadAsync(part, cancellationToken)) > 0)
        {
            body.Write(part, 0, read);
            if (body.Length > LargestBody) throw new InvalidDataException("The request is too large.");
        }

        if (body.Length == 0) return [];
        body.Position = 0;
        return await JsonNode.ParseAsync(body, cancellationToken: cancellationToken) as JsonObject ?? throw new JsonException("The body must be an object.");
    }
}
