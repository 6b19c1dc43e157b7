namespace Sluice.Bench.Processes;

/// <summary>What Linux tells of a process under /proc.</summary>
internal static class Proc
{
    // The unit of the kernel's times towards user space; the same on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds of a process so far, user and system; 0 once it is gone.</summary>
    public static double Cpu(int pid) => Cpu(pid, children: false);

    /// <summary>CPU seconds of a process and all its children, ended ones included. For servers with a process a session.</summary>
    public static double CpuOfFamily(int pid) =>
        Cpu(pid, children: true) + Children(pid).Sum(child => Cpu(child, children: false));

    /// <summary>The largest resident size a process had, in MiB.</summary>
    public static double PeakMemory(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) / 1024d;
    }

    /// <summary>Lets the largest resident size begin again at the present one.</summary>
    public static void ForgetPeak(int pid) => File.WriteAllText($"/proc/{pid}/clear_refs", "5");

    /// <summary>CPU seconds of the whole machine so far, whoever used them.</summary>
    public static double MachineCpu()
    {
        var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(long.Parse).ToArray();
        const int idle = 3, waiting = 4, guest = 8;
        return times.Take(guest).Where((_, i) => i is not (idle or waiting)).Sum() / TicksPerSecond;
    }

    private static double Cpu(int pid, bool children)
    {
        try
        {
            // After the name, which can hold anything but ends with the last bracket: the state and then the numbers.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            const int user = 11;
            return fields.Skip(user).Take(children ? 4 : 2).Sum(long.Parse) / TicksPerSecond;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static IEnumerable<int> Children(int pid)
    {
        var file = $"/proc/{pid}/task/{pid}/children";
        return File.Exists(file) ? File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray() : [];
    }
}
