using System.Diagnostics;
using Sluice.Bench.Processes;

namespace Sluice.Bench.Clouds;

/// <summary>What a cloud is asked during a stretch of work, and what that takes. The stand-in shares the process: its work is in the CPU seconds and bytes too.</summary>
internal sealed class CloudMeter
{
    private readonly ICloud _cloud;
    private readonly IReadOnlyDictionary<string, long> _asked;
    private readonly long _allocated = GC.GetTotalAllocatedBytes();
    private readonly double _cpu = Proc.Cpu(Environment.ProcessId);
    private readonly long _started;

    private CloudMeter(ICloud cloud)
    {
        (_cloud, _asked) = (cloud, cloud.Asked);
        _started = Stopwatch.GetTimestamp();
    }

    public static CloudMeter Start(ICloud cloud) => new(cloud);

    /// <summary>What was asked and spent since.</summary>
    public CloudSpent Stop()
    {
        var wall = Stopwatch.GetElapsedTime(_started);
        var asked = _cloud.Asked
            .Select(o => (o.Key, Count: o.Value - _asked.GetValueOrDefault(o.Key))).Where(static o => o.Count > 0)
            .ToDictionary(static o => o.Key, static o => o.Count, StringComparer.Ordinal);
        return new CloudSpent(wall, Proc.Cpu(Environment.ProcessId) - _cpu, GC.GetTotalAllocatedBytes() - _allocated, asked);
    }
}

/// <summary>What a stretch of work took.</summary>
/// <param name="Wall">By the clock.</param>
/// <param name="Cpu">Seconds, the stand-in's among them.</param>
/// <param name="Allocated">Bytes, likewise.</param>
/// <param name="Asked">Requests by operation.</param>
internal sealed record CloudSpent(TimeSpan Wall, double Cpu, long Allocated, IReadOnlyDictionary<string, long> Asked)
{
    private const double Mebibyte = 1024 * 1024;

    /// <summary>All requests.</summary>
    public long Requests => Asked.Values.Sum();

    /// <summary>The requests by operation.</summary>
    public Dictionary<string, double> ByOperation() => Asked.OrderBy(static o => o.Key, StringComparer.Ordinal).ToDictionary(static o => o.Key, static o => (double)o.Value, StringComparer.Ordinal);

    /// <summary>All of it, under the names of parts of a figure.</summary>
    public Dictionary<string, double> Parts() => new(ByOperation(), StringComparer.Ordinal) { ["wall_s"] = Wall.TotalSeconds, ["cpu_s"] = Cpu, ["allocated_mib"] = Allocated / Mebibyte };
}
