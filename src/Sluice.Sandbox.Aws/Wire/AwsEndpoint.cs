using System.Collections.Specialized;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Sandbox.Aws.Faults;
using Sluice.Sandbox.Aws.Identity;
using Sluice.Sandbox.Aws.Sts;

namespace Sluice.Sandbox.Aws.Wire;

/// <summary>
/// One request of any of the three services: read, verify the signature, meet the faults, ask IAM, do the work, answer.
/// </summary>
internal sealed class AwsEndpoint(SandboxRuntime runtime, CancellationToken stopping)
{
    private const int LargestBody = 8 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        var requestId = new Guid(RandomNumberGenerator.GetBytes(16)).ToString();
        using var answer = ResponseBuffer.Rent();
        var dialect = Dialect.Of(context.Request);
        try
        {
            var body = await ReadBodyAsync(context);
            var request = SignedRequestOf(context, body);
            var caller = runtime.Verifier.Verify(request, out var claim);
            dialect = Dialect.Of(claim.Service);
            await ServeAsync(context, caller, claim.Service, body, answer, requestId);
        }
        catch (AwsException problem)
        {
            runtime.Requests.Failed(problem.Code);
            answer.Clear();
            await dialect.WriteErrorAsync(context, problem, requestId);
        }
    }

    private async Task ServeAsync(HttpContext context, Caller caller, string service, ReadOnlyMemory<byte> body, ResponseBuffer answer, string requestId)
    {
        var form = service == "sts" ? StsOperations.Parse(body) : null;
        var operation = form is null ? FindOperation(context.Request, service) : null;
        var action = operation?.Action ?? $"sts:{form!["Action"]}";
        runtime.Requests.Asked(action);
        var input = operation is null ? null : Input.Parse(body);
        var verdict = runtime.Faults.Decide(action, input?.Has("NextToken") == true);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        if (verdict.Delay > TimeSpan.Zero) await Task.Delay(verdict.Delay, runtime.Options.Clock, ending.Token);
        if (verdict.Kind == AwsSandboxFaultKind.Drop)
        {
            Abort(context, AwsSandboxFaultKind.Drop);
            return;
        }

        RefuseFor(verdict.Kind);

        if (operation is null) RunSts(caller, form!, answer, requestId);
        else RunJson(caller, operation, input!, answer, verdict.Kind);

        await AnswerAsync(context, verdict.Kind, operation is null ? "text/xml" : Dialect.Of(service).ContentType, answer, requestId, ending.Token);
    }

    private void RunJson(Caller caller, Operation operation, Input input, ResponseBuffer answer, AwsSandboxFaultKind? fault)
    {
        var resource = operation.Service == "glue"
            ? $"arn:aws:glue:{runtime.Options.Region}:{runtime.Options.AccountId}:catalog"
            : $"arn:aws:lakeformation:{runtime.Options.Region}:{runtime.Options.AccountId}:catalog:{runtime.Options.AccountId}";
        IamPolicy.Demand(caller, operation.Action, resource, operation.Service == "glue" ? 400 : 403);
        if (caller.AccountId != runtime.Options.AccountId) throw AwsException.HiddenOrMissing();
        runtime.Run(operation.Writes, () => operation.Run(new(runtime, caller, input, answer) { Fault = fault }));
    }

    private void RunSts(Caller caller, NameValueCollection form, ResponseBuffer answer, string requestId) =>
        answer.WriteRaw(Encoding.UTF8.GetBytes(StsOperations.Run(runtime, caller, form, requestId)));

    private static Operation FindOperation(HttpRequest request, string service)
    {
        const string GlueTarget = "AWSGlue.";
        var target = request.Headers["X-Amz-Target"].ToString();
        var name = service == "lakeformation" ? request.Path.Value?.TrimStart('/')
            : target.StartsWith(GlueTarget, StringComparison.Ordinal) ? target[GlueTarget.Length..] : null;
        return (request.Method == HttpMethods.Post && name is not null ? OperationTable.Find(service, name) : null)
            ?? throw new AwsException("UnknownOperationException", $"The sandbox doesn't know {request.Method} {request.Path} {target}.", service == "glue" ? 400 : 404);
    }

    private static void RefuseFor(AwsSandboxFaultKind? kind)
    {
        switch (kind)
        {
            case AwsSandboxFaultKind.Throttle: throw new AwsException("ThrottlingException", "Rate exceeded");
            case AwsSandboxFaultKind.HiddenThrottle: throw AwsException.InvalidInput("Rate exceeded");
            case AwsSandboxFaultKind.ServerError: throw new AwsException("InternalServiceException", "An internal error occurred.", 500);
            case AwsSandboxFaultKind.Unavailable: throw new AwsException("ServiceUnavailableException", "Service Unavailable", 503);
            case AwsSandboxFaultKind.ConcurrentModification: throw new AwsException("ConcurrentModificationException", "Permission update failed for resource: concurrent modification.");
            case AwsSandboxFaultKind.ExpireNextToken: throw PageTokens.Expired();
        }
    }

    private async Task AnswerAsync(HttpContext context, AwsSandboxFaultKind? kind, string contentType, ResponseBuffer answer, string requestId, CancellationToken ending)
    {
        if (kind == AwsSandboxFaultKind.DropAfterCommit)
        {
            Abort(context, AwsSandboxFaultKind.DropAfterCommit);
            return;
        }

        if (kind == AwsSandboxFaultKind.HangAfterCommit)
        {
            runtime.Requests.Failed(nameof(AwsSandboxFaultKind.HangAfterCommit));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Abort();
            return;
        }

        var bytes = answer.Written;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        if (kind != AwsSandboxFaultKind.CutAnswer)
        {
            await context.Response.Body.WriteAsync(bytes, ending);
            return;
        }

        await context.Response.Body.WriteAsync(bytes[..(bytes.Length / 2)], ending);
        await context.Response.Body.FlushAsync(ending);
        Abort(context, AwsSandboxFaultKind.CutAnswer);
    }

    private void Abort(HttpContext context, AwsSandboxFaultKind kind)
    {
        runtime.Requests.Failed(kind.ToString());
        context.Abort();
    }

    private static SignedRequest SignedRequestOf(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var cut = target.IndexOf('?', StringComparison.Ordinal);
        return new(
            context.Request.Method,
            cut < 0 ? target : target[..cut],
            cut < 0 ? "" : target[(cut + 1)..],
            context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase),
            body);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext context)
    {
        using var body = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 0, LargestBody));
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            body.Write(chunk, 0, read);
            if (body.Length > LargestBody) throw new AwsException("RequestEntityTooLargeException", "The request is too large.", 413);
        }

        return body.ToArray();
    }
}
