using Sluice.Core.Problems;
using Sluice.Platforms;

namespace Sluice.Engine.Errors;

/// <summary>A use case's refusal: what the server answers as problem+json. Never carries a secret.</summary>
public sealed class RequestRefusedException : Exception
{
    /// <summary>A refusal with one sentence.</summary>
    public RequestRefusedException(ErrorCode code, string detail, Exception? inner = null) : base(detail, inner) => Code = code;

    /// <summary>A refusal that lists every problem.</summary>
    public RequestRefusedException(ProblemList problems, ErrorCode? code = null)
        : this(code ?? ErrorCode.InvalidRequest, DetailOf(problems)) => Problems = problems;

    /// <summary>A refusal with one sentence that lists what it is about.</summary>
    public RequestRefusedException(ErrorCode code, string detail, ProblemList problems) : this(code, detail) => Problems = problems;

    // One problem is the detail; several are counted and listed beside it.
    private static string DetailOf(ProblemList problems) => problems.Count == 1
        ? $"{problems.First().Path}: {problems.First().Message}"
        : $"{problems.Count} problems were found; all of them are listed in errors.";

    /// <summary>Which error.</summary>
    public ErrorCode Code { get; }

    /// <summary>Every problem by JSON path, where the request has some.</summary>
    public ProblemList? Problems { get; }

    /// <summary>A platform's refusal as the API tells it: 422 with the platform's own words.</summary>
    public static RequestRefusedException Of(PlatformException e) => new(
        e.Failure switch
        {
            PlatformFailure.Unreachable or PlatformFailure.Unavailable or PlatformFailure.Throttled => ErrorCode.PlatformUnreachable,
            PlatformFailure.EgressDenied => ErrorCode.EgressDenied,
            _ => ErrorCode.PlatformRefused,
        },
        e.Message,
        e);
}
