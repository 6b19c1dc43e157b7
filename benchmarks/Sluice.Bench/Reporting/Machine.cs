using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Sluice.Bench.Reporting;

/// <summary>The machine a figure belongs to; no name of it.</summary>
internal static class Machine
{
    public static string Describe() => new JsonObject
    {
        ["machine"] = new JsonObject
        {
            ["cores"] = Environment.ProcessorCount,
            ["cpu"] = Line("/proc/cpuinfo", "model name"),
            ["memory_mib"] = Line("/proc/meminfo", "MemTotal") is { } memory ? long.Parse(memory.Split(' ')[0]) / 1024 : null,
            ["os"] = RuntimeInformation.OSDescription,
            ["kernel"] = File.Exists("/proc/sys/kernel/osrelease") ? File.ReadAllText("/proc/sys/kernel/osrelease").Trim() : null,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["load_average"] = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : null,
        },
    }.ToJsonString(Results.Json);

    private static string? Line(string file, string name) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;
}
