using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.SystemTables;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>One REST request: find the operation, tell who asks, meet the faults, do the work, answer.</summary>
internal sealed class DatabricksEndpoint(SandboxRuntime runtime, CancellationToken stopping)
{
    private const int LargestBody = 20 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        var requestId = RandomId.New().ToString();
        context.Response.Headers["X-Request-Id"] = requestId;
        using var answer = ResponseBuffer.Rent();
        var atOnce = runtime.Requests.Enter();
        try
        {
            if (atOnce > runtime.Options.RequestsAtOnce) throw Limited(runtime.Options.RetryAfterSeconds);
            await ServeAsync(context, answer);
        }
        catch (DatabricksException problem)
        {
            runtime.Requests.Failed(problem.Code);
            await ErrorWriting.WriteAsync(context, problem, requestId);
        }
        catch (SqlException problem)
        {
            // A name in a REST body that is no name or no type.
            runtime.Requests.Failed("INVALID_PARAMETER_VALUE");
            await ErrorWriting.WriteAsync(context, DatabricksException.Invalid(problem.Message), requestId);
        }
        finally
        {
            runtime.Requests.Leave();
        }
    }

    private async Task ServeAsync(HttpContext context, ResponseBuffer answer)
    {
        var (operation, route) = Find(context);
        var body = await ReadBodyAsync(context);
        var call = new Call(runtime, context, operation, route, body, answer);
        if (call.FindRoute("account_id") is { } account && account != runtime.Options.AccountId) throw DatabricksException.Missing($"Account {account} does not exist.");
        if (!operation.IsAnonymous) call.Caller = Authentication.Verify(runtime, context.Request);
        runtime.Requests.Asked(operation.Name);
        var verdict = runtime.Faults.Decide(operation.Name, call.Query("page_token") is not null);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        call.Ending = ending.Token;
        call.Fault = verdict.Kind;
        if (verdict.Delay > TimeSpan.Zero) await Task.Delay(verdict.Delay, runtime.Options.Clock, ending.Token);
        if (verdict.Kind == DatabricksSandboxFaultKind.Drop)
        {
            Abort(context, DatabricksSandboxFaultKind.Drop);
            return;
        }

        RefuseFor(verdict.Kind);
        if (runtime.Options.LimitsAccountScim && runtime.Rates.Exceeds(operation)) throw Limited(runtime.Options.RetryAfterSeconds);
        await RunAsync(operation, call);
        await AnswerAsync(context, call, call.Payload ?? answer.Written);
    }

    private static async Task RunAsync(Operation operation, Call call)
    {
        try
        {
            await operation.Run(call);
            AuditRows.Request(call, problem: null);
        }
        catch (DatabricksException problem)
        {
            AuditRows.Request(call, problem);
            throw;
        }
    }

    private static (Operation Operation, Dictionary<string, string> Route) Find(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var cut = target.IndexOf('?', StringComparison.Ordinal);
        var path = cut < 0 ? target : target[..cut];
        return OperationTable.Find(context.Request.Method, path)
            ?? throw new DatabricksException("ENDPOINT_NOT_FOUND", $"No API found for '{context.Request.Method} {path}'", 404);
    }

    private void RefuseFor(DatabricksSandboxFaultKind? kind)
    {
        switch (kind)
        {
            case DatabricksSandboxFaultKind.Throttle:
                throw Limited(runtime.Options.RetryAfterSeconds);
            case DatabricksSandboxFaultKind.ThrottleWithoutRetryAfter:
                throw Limited(retryAfter: null);
            case DatabricksSandboxFaultKind.ServerError:
                throw new DatabricksException("INTERNAL_ERROR", "An internal error occurred.", 500);
            case DatabricksSandboxFaultKind.Unavailable:
                throw new DatabricksException("TEMPORARILY_UNAVAILABLE", "The service at this path is temporarily unavailable. Please try again later.", 503);
            case DatabricksSandboxFaultKind.ExpireAccessToken:
                throw DatabricksException.Unauthenticated(runtime.Options.ExpiredTokenStatus, "JWT has expired");
            case DatabricksSandboxFaultKind.ExpirePageToken:
                throw PageTokens.Expired();
        }
    }

    private static DatabricksException Limited(int? retryAfter) =>
        new("REQUEST_LIMIT_EXCEEDED", "Current request has to be limited because its rate exceeds the limit.", 429) { RetryAfter = retryAfter };

    private async Task AnswerAsync(HttpContext context, Call call, ReadOnlyMemory<byte> bytes)
    {
        switch (call.Fault)
        {
            case DatabricksSandboxFaultKind.DropAfterCommit:
                Abort(context, DatabricksSandboxFaultKind.DropAfterCommit);
                return;
            case DatabricksSandboxFaultKind.HangAfterCommit:
                runtime.Requests.Failed(nameof(DatabricksSandboxFaultKind.HangAfterCommit));
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.Ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                context.Abort();
                return;
        }

        context.Response.StatusCode = call.Status;
        if (call.Status == 204) return;
        context.Response.ContentType = call.ContentType;
        context.Response.ContentLength = bytes.Length;
        if (call.Fault != DatabricksSandboxFaultKind.CutAnswer)
        {
            await context.Response.Body.WriteAsync(bytes, call.Ending);
            return;
        }

        await context.Response.Body.WriteAsync(bytes[..(bytes.Length / 2)], call.Ending);
        await context.Response.Body.FlushAsync(call.Ending);
        Abort(context, DatabricksSandboxFaultKind.CutAnswer);
    }

    private void Abort(HttpContext context, DatabricksSandboxFaultKind kind)
    {
        runtime.Requests.Failed(kind.ToString());
        context.Abort();
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext context)
    {
        using var body = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 0, LargestBody));
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            body.Write(chunk, 0, read);
            if (body.Length > LargestBody) throw new DatabricksException("MAX_REQUEST_SIZE_EXCEEDED", "The request is too large.", 413);
        }

        return body.ToArray();
    }
}
