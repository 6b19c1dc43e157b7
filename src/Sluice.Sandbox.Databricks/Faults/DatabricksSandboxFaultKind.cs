using System.Text.Json.Serialization;

namespace Sluice.Sandbox.Databricks.Faults;

/// <summary>What a fault does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatabricksSandboxFaultKind>))]
public enum DatabricksSandboxFaultKind
{
    /// <summary>Waits before the work is done.</summary>
    Latency,

    /// <summary>429 REQUEST_LIMIT_EXCEEDED with a Retry-After header; nothing is done.</summary>
    Throttle,

    /// <summary>429 REQUEST_LIMIT_EXCEEDED that doesn't say when to come back; nothing is done.</summary>
    ThrottleWithoutRetryAfter,

    /// <summary>A 500 INTERNAL_ERROR; nothing is done.</summary>
    ServerError,

    /// <summary>A 503 TEMPORARILY_UNAVAILABLE; nothing is done.</summary>
    Unavailable,

    /// <summary>The connection is aborted before the work is done.</summary>
    Drop,

    /// <summary>The work is done and the connection aborted in place of the answer.</summary>
    DropAfterCommit,

    /// <summary>The work is done and no answer ever comes.</summary>
    HangAfterCommit,

    /// <summary>The answer begins and breaks off in the middle.</summary>
    CutAnswer,

    /// <summary>A list answers an empty page with a next_page_token that goes on where it stood.</summary>
    EmptyPage,

    /// <summary>A list answers a page whose next_page_token leads to the same page once more.</summary>
    DuplicatePage,

    /// <summary>A request that brings a page_token is told that it has expired.</summary>
    ExpirePageToken,

    /// <summary>A valid access token is told that it has expired.</summary>
    ExpireAccessToken,
}
