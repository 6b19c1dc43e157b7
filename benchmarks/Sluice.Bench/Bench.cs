using Sluice.Bench.Crawling;
using Sluice.Bench.Processes;
using Sluice.Bench.Reporting;

namespace Sluice.Bench;

/// <summary>Runs benches by their names; 0 when every bar was met.</summary>
internal static class Bench
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public static async Task<int> RunAsync(string[] arguments, TimeProvider time)
    {
        using var stop = new CancellationTokenSource(Longest, time);
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var tables = Number(arguments, "--tables", 100_000);
        using var place = Workplace.Create();
        var results = new Results(arguments[0], Path.Combine(place.Repository, "benchmarks", "results"), time.GetUtcNow());
        var bench = new CrawlBench(place, tables);
        await bench.RunAsync("sqlite", new HashSet<string> { "crawl", "recrawl", "requests" }, results, stop.Token);
        return 0;
    }

    private static int Number(string[] arguments, string name, int otherwise)
    {
        var at = Array.IndexOf(arguments, name);
        return at < 0 ? otherwise : int.Parse(arguments[at + 1]);
    }
}
