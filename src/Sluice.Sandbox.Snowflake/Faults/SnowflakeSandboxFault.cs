using System.Text.Json.Serialization;

namespace Sluice.Sandbox.Snowflake.Faults;

/// <summary>
/// One rule about what goes wrong. Rules are read in order for each request: latencies add up, and of the others the first that
/// fires decides.
/// </summary>
public sealed record SnowflakeSandboxFault
{
    /// <summary>
    /// The operation it meets, as <see cref="SandboxRequests.Operations"/> names it: "login", "query:SHOW TABLES"; "query:SHOW" meets
    /// every SHOW, "query" every statement, "*" everything.
    /// </summary>
    public string Operation { get; init; } = "*";

    /// <summary>What happens.</summary>
    public required SnowflakeSandboxFaultKind Kind { get; init; }

    /// <summary>Fires on every n-th matching request; 0 leaves it to <see cref="Rate"/>.</summary>
    public int Every { get; init; }

    /// <summary>Fires with this probability, 0 to 1, from the sandbox's seed; without this and <see cref="Every"/> it fires each time.</summary>
    public double Rate { get; init; }

    /// <summary>Lets this many matching requests pass first.</summary>
    public int After { get; init; }

    /// <summary>Fires at most this often; 0 has no end.</summary>
    public int Times { get; init; }

    /// <summary>For latencies: the fixed part, in milliseconds.</summary>
    public int LatencyMilliseconds { get; init; }

    /// <summary>For latencies: an evenly spread addition of up to this, in milliseconds.</summary>
    public int JitterMilliseconds { get; init; }
}

/// <summary>What a fault does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SnowflakeSandboxFaultKind>))]
public enum SnowflakeSandboxFaultKind
{
    /// <summary>Waits before the request is looked at.</summary>
    Latency,

    /// <summary>The statement itself takes this long: beyond AsyncAfter it is answered "in progress".</summary>
    SlowStatement,

    /// <summary>HTTP 429; nothing is done.</summary>
    Throttle,

    /// <summary>HTTP 503; nothing is done.</summary>
    Unavailable,

    /// <summary>HTTP 500; nothing is done.</summary>
    ServerError,

    /// <summary>The statement fails with 000630: it reached its statement or warehouse timeout, as when a warehouse's queue is full.</summary>
    StatementTimeout,

    /// <summary>The statement fails with 000603: an internal error with an incident number.</summary>
    InternalError,

    /// <summary>The session's token is told to have expired (390112), as if its time were up; nothing is done.</summary>
    ExpireSession,

    /// <summary>The connection is aborted before the work is done.</summary>
    Drop,

    /// <summary>The work is done and the connection aborted in place of the answer.</summary>
    DropAfterCommit,

    /// <summary>The work is done and no answer ever comes.</summary>
    HangAfterCommit,

    /// <summary>The answer begins and breaks off in the middle.</summary>
    CutAnswer,
}
