using System.Text.Json.Serialization;

namespace Sluice.Sandbox.Aws.Faults;

/// <summary>
/// One rule about what goes wrong. Rules are read in order for each signed request: latencies add up, and of the others the
/// first that fires decides.
/// </summary>
public sealed record AwsSandboxFault
{
    /// <summary>The operation it meets, as "GetTables" or "glue:GetTables"; "*" meets all.</summary>
    public string Operation { get; init; } = "*";

    /// <summary>What happens.</summary>
    public required AwsSandboxFaultKind Kind { get; init; }

    /// <summary>Fires on every n-th matching request; 0 leaves it to <see cref="Rate"/>.</summary>
    public int Every { get; init; }

    /// <summary>Fires with this probability, 0 to 1, from the sandbox's seed; without this and <see cref="Every"/> it fires each time.</summary>
    public double Rate { get; init; }

    /// <summary>Lets this many matching requests pass first.</summary>
    public int After { get; init; }

    /// <summary>Fires at most this often; 0 has no end.</summary>
    public int Times { get; init; }

    /// <summary>For <see cref="AwsSandboxFaultKind.Latency"/>: the fixed part, in milliseconds.</summary>
    public int LatencyMilliseconds { get; init; }

    /// <summary>For <see cref="AwsSandboxFaultKind.Latency"/>: an evenly spread addition of up to this, in milliseconds.</summary>
    public int JitterMilliseconds { get; init; }
}

/// <summary>What a fault does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AwsSandboxFaultKind>))]
public enum AwsSandboxFaultKind
{
    /// <summary>Waits before the work is done.</summary>
    Latency,

    /// <summary>ThrottlingException, "Rate exceeded"; nothing is done.</summary>
    Throttle,

    /// <summary>InvalidInputException whose message is "Rate exceeded", as AWS sometimes answers; nothing is done.</summary>
    HiddenThrottle,

    /// <summary>A 500 InternalServiceException; nothing is done.</summary>
    ServerError,

    /// <summary>A 503 ServiceUnavailableException; nothing is done.</summary>
    Unavailable,

    /// <summary>ConcurrentModificationException; nothing is done.</summary>
    ConcurrentModification,

    /// <summary>Of a batch every second entry fails with ConcurrentModificationException, and nothing of it is done; the others are.</summary>
    EntryConcurrentModification,

    /// <summary>Of a batch every second entry fails with ThrottlingException, and nothing of it is done; the others are.</summary>
    EntryThrottle,

    /// <summary>Of a batch every second entry fails with AccessDeniedException, and nothing of it is done; the others are.</summary>
    EntryDenied,

    /// <summary>The connection is aborted before the work is done.</summary>
    Drop,

    /// <summary>The work is done and the connection aborted in place of the answer.</summary>
    DropAfterCommit,

    /// <summary>The work is done and no answer ever comes.</summary>
    HangAfterCommit,

    /// <summary>The answer begins and breaks off in the middle.</summary>
    CutAnswer,

    /// <summary>A request that brings a NextToken is told that it has expired.</summary>
    ExpireNextToken,
}
