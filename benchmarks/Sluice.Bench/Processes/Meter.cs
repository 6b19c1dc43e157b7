using System.Diagnostics;

namespace Sluice.Bench.Processes;

/// <summary>Wall clock and CPU seconds of a stretch of work, by who used them.</summary>
/// <param name="Wall">Seconds.</param>
/// <param name="Server">CPU seconds of the measured process.</param>
/// <param name="StandIn">CPU seconds of the AWS stand-in.</param>
/// <param name="Database">CPU seconds of PostgreSQL's processes.</param>
/// <param name="Bench">CPU seconds of this process.</param>
/// <param name="Foreign">CPU seconds of everything else on the machine: a measurement with many of them is disturbed.</param>
internal sealed record Spent(double Wall, double Server, double StandIn, double Database, double Bench, double Foreign)
{
    public IReadOnlyDictionary<string, double> Parts(string prefix = "") => new Dictionary<string, double>
    {
        [$"{prefix}wall_s"] = Wall,
        [$"{prefix}server_cpu_s"] = Server,
        [$"{prefix}sandbox_cpu_s"] = StandIn,
        [$"{prefix}database_cpu_s"] = Database,
        [$"{prefix}bench_cpu_s"] = Bench,
        [$"{prefix}foreign_cpu_s"] = Foreign,
    };
}

/// <summary>Takes the times before and after. Processes are given by id; 0 is nobody.</summary>
internal sealed class Meter
{
    private readonly int _server;
    private readonly int _standIn;
    private readonly int _database;
    private readonly long _started;
    private readonly double[] _before;

    private Meter(int server, int standIn, int database)
    {
        (_server, _standIn, _database) = (server, standIn, database);
        _before = Read();
        _started = Stopwatch.GetTimestamp();
    }

    public static Meter Start(int server = 0, int standIn = 0, int database = 0) => new(server, standIn, database);

    public Spent Stop()
    {
        var wall = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        var used = Read().Zip(_before, (after, before) => after - before).ToArray();
        return new Spent(wall, used[0], used[1], used[2], used[3], Math.Max(0, used[4] - used[..4].Sum()));
    }

    private double[] Read() =>
    [
        _server == 0 ? 0 : Proc.Cpu(_server),
        _standIn == 0 ? 0 : Proc.Cpu(_standIn),
        _database == 0 ? 0 : Proc.CpuOfFamily(_database),
        Proc.Cpu(Environment.ProcessId),
        Proc.MachineCpu(),
    ];
}
