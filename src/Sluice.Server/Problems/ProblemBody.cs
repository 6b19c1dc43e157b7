using System.Text.Json.Serialization;

namespace Sluice.Server.Problems;

/// <summary>
/// What every error answers: RFC 9457's members, then those that clients of the documented API read (<c>statusCode</c>, <c>error</c>,
/// <c>message</c>).
/// </summary>
internal sealed record ProblemBody
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    public required string Code { get; init; }

    public required string TraceId { get; init; }

    public required int StatusCode { get; init; }

    public required string Error { get; init; }

    public required string Message { get; init; }

    /// <summary>Every problem by JSON path.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
