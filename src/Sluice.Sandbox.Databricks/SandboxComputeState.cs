using System.Text.Json.Serialization;

namespace Sluice.Sandbox.Databricks;

/// <summary>In what state a warehouse or cluster is, apart from starting, which takes the time of its start delay.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SandboxComputeState>))]
public enum SandboxComputeState
{
    /// <summary>Up.</summary>
    Running,

    /// <summary>STOPPED for a warehouse, which the next statement starts; TERMINATED for a cluster, which waits for a start request.</summary>
    Stopped,

    /// <summary>Gone for good; it answers that it was deleted and runs nothing.</summary>
    Deleted,
}
