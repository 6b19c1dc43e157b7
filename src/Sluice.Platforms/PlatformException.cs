using System.Net;

namespace Sluice.Platforms;

/// <summary>Why a platform did not do what was asked.</summary>
public enum PlatformFailure
{
    /// <summary>No connection: name resolution, refused, TLS, timeout. Retried.</summary>
    Unreachable,

    /// <summary>The egress rules of this server forbid the address. Not retried.</summary>
    EgressDenied,

    /// <summary>The credentials are wrong or expired. Not retried.</summary>
    CredentialsRejected,

    /// <summary>A privilege is missing. Not retried.</summary>
    AccessDenied,

    /// <summary>The object is not there.</summary>
    NotFound,

    /// <summary>Too many requests. Retried after a pause.</summary>
    Throttled,

    /// <summary>The platform failed on its side. Retried.</summary>
    Unavailable,

    /// <summary>The platform refused the request for another reason, or answered what can't be understood. Not retried.</summary>
    Refused,
}

/// <summary>A platform's refusal, in words fit for the person who registered it: no secret, no body of a stranger's answer.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">The platform's own words where it is the platform, and what to do.</param>
/// <param name="inner">What caused it.</param>
public sealed class PlatformException(PlatformFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public PlatformFailure Failure { get; } = failure;

    /// <summary>The platform's own code, such as <c>AccessDeniedException</c> or <c>42501</c>, where it gave one.</summary>
    public string? Code { get; init; }

    /// <summary>The status of the HTTP answer, where it was one.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>How long the platform asks to wait before the next try, where it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether trying again later can help.</summary>
    public bool IsTransient => Failure is PlatformFailure.Unreachable or PlatformFailure.Throttled or PlatformFailure.Unavailable;
}
