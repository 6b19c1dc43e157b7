namespace Sluice.Sandbox.Databricks.Faults;

/// <summary>
/// One rule about what goes wrong. Rules are read in order for each authenticated request: latencies add up, and of the others
/// the first that fires decides.
/// </summary>
public sealed record DatabricksSandboxFault
{
    /// <summary>The operation it meets, such as "tables.list"; * stands for anything: "tables.*".</summary>
    public string Operation { get; init; } = "*";

    /// <summary>What happens.</summary>
    public required DatabricksSandboxFaultKind Kind { get; init; }

    /// <summary>Fires on every n-th matching request; 0 leaves it to <see cref="Rate"/>.</summary>
    public int Every { get; init; }

    /// <summary>Fires with this probability, 0 to 1, from the sandbox's seed; without this and <see cref="Every"/> it fires each time.</summary>
    public double Rate { get; init; }

    /// <summary>Lets this many matching requests pass first.</summary>
    public int After { get; init; }

    /// <summary>Fires at most this often; 0 has no end.</summary>
    public int Times { get; init; }

    /// <summary>For <see cref="DatabricksSandboxFaultKind.Latency"/>: the fixed part, in milliseconds.</summary>
    public int LatencyMilliseconds { get; init; }

    /// <summary>For <see cref="DatabricksSandboxFaultKind.Latency"/>: an evenly spread addition of up to this, in milliseconds.</summary>
    public int JitterMilliseconds { get; init; }
}
