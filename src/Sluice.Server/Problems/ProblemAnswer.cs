using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Sluice.Core.Problems;
using Sluice.Engine.Errors;
using Sluice.Server.Http;

namespace Sluice.Server.Problems;

/// <summary>Writes the one form of every error.</summary>
internal static class ProblemAnswer
{
    public const string ContentType = "application/problem+json";

    /// <summary>Where the table of errors is served.</summary>
    public const string TablePath = "/docs/errors";

    public static Task WriteAsync(HttpContext context, ErrorCode code, string detail, ProblemList? problems = null)
    {
        context.Response.StatusCode = code.Status;
        context.Response.ContentType = ContentType;
        // HEAD has no body; Kestrel would count one as an error.
        if (HttpMethods.IsHead(context.Request.Method)) return Task.CompletedTask;
        var bytes = Body(code, detail, TraceIdOf(context), problems);
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    /// <summary>The body of an error.</summary>
    public static byte[] Body(ErrorCode code, string detail, string traceId, ProblemList? problems = null)
    {
        var body = new ProblemBody
        {
            Type = $"{TablePath}#{code.Code}",
            Title = code.Title,
            Status = code.Status,
            Detail = detail,
            Code = code.Code,
            TraceId = traceId,
            StatusCode = code.Status,
            Error = ReasonPhrases.GetReasonPhrase(code.Status),
            Message = detail,
            Errors = problems is { Any: true } ? problems.ByPath() : null,
        };
        return JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Answers.ProblemBody);
    }

    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}
