using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>What goes back to a driver.</summary>
internal sealed record Answer(ReadOnlyMemory<byte> Body)
{
    public string? ErrorCode { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>True for what is compressed already.</summary>
    public bool IsGzip { get; init; }

    public int Status { get; init; } = 200;
}

/// <summary>Writes answers in the envelope all of the protocol shares: data, code, message, success.</summary>
internal static class Answers
{
    private const int WorthCompressing = 4 * 1024;

    public static Answer Success(JsonNode? data, string? code = null, string? message = null) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["data"] = data, ["code"] = code, ["message"] = message, ["success"] = true }));

    public static Answer Error(SnowflakeException problem, string? queryId, int status = 200) => new(JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["data"] = new JsonObject
        {
            ["internalError"] = false, ["errorCode"] = problem.Code, ["age"] = 0, ["sqlState"] = problem.SqlState, ["queryId"] = queryId, ["line"] = -1, ["pos"] = -1, ["type"] = "COMPILATION",
        },
        ["code"] = problem.Code,
        ["message"] = problem.Message,
        ["success"] = false,
        ["headers"] = null,
    }))
    {
        ErrorCode = problem.Code,
        Status = status,
    };

    public static Task ErrorAsync(HttpContext context, SnowflakeException problem, int status, string? queryId, CancellationToken cancellationToken) =>
        SendAsync(context, Error(problem, queryId, status), cancellationToken);

    public static async Task SendAsync(HttpContext context, Answer answer, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        var compresses = !answer.IsGzip && answer.Body.Length > WorthCompressing
            && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (compresses || answer.IsGzip) response.Headers.ContentEncoding = "gzip";
        if (!compresses)
        {
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, cancellationToken);
            return;
        }

        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest);
        await gzip.WriteAsync(answer.Body, cancellationToken);
    }
}
