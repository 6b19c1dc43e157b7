using Sluice.Bench.Api;
using Sluice.Bench.Clouds;
using Sluice.Bench.Crawling;
using Sluice.Bench.Policies;
using Sluice.Bench.Processes;
using Sluice.Bench.Reporting;
using Sluice.Bench.StandIns;
using Sluice.Bench.Starting;
using Sluice.Testing;

namespace Sluice.Bench;

/// <summary>Runs benches by their names.</summary>
internal static class Bench
{
    private const string Usage = """
        ./bench crawl|recrawl|requests|growth|start|api|all [--tables N] [--store sqlite|postgresql] [--platform aws|snowflake|databricks]
        ./bench compile|decide|incremental|simulate|plan|policy-growth|apply [--seed N] [--platform snowflake|databricks]

        One JSON line a figure; all of them, with the machine, in benchmarks/results. Exit code 1: a bar was missed; 2: it could not be measured.
          --tables N   tables in the catalog, of ten columns each (100000)
          --store S    only this database for crawl and recrawl (both)
          --platform P what is crawled (aws), or enforced: compile, incremental, plan and apply; start and api are measured after AWS's alone
          --seed N     of the people, tables and policies that are generated (1)
        """;

    private const int DefaultTables = 100_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(40);
    private static readonly string[] Crawls = ["crawl", "recrawl", "requests"];
    private static readonly string[] Names = [.. Crawls, "start", "api", "growth", .. PolicyBenches.Names];

    public static async Task<int> RunAsync(string[] arguments, TimeProvider time)
    {
        using var stop = new CancellationTokenSource(Longest, time);
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };

        switch (arguments)
        {
            case ["empty-app", var url]:
                await EmptyApp.RunAsync(url);
                return 0;
            case ["raw-api", var file, var url]:
                await RawApi.RunAsync(file, url, stop.Token);
                return 0;
            case [var name, .. var options] when name == "all" || Names.Contains(name):
                return await TryAsync(name, options, time, stop.Token);
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static async Task<int> TryAsync(string name, string[] options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await MeasureAsync(name, options, time, cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or TimeoutException or IOException or HttpRequestException or OperationCanceledException)
        {
            Results.Say($"not measured: {e.Message}");
            return 2;
        }
    }

    private static async Task<int> MeasureAsync(string name, string[] options, TimeProvider time, CancellationToken cancellationToken)
    {
        var tables = int.Parse(Option(options, "--tables") ?? $"{DefaultTables}");
        var only = Option(options, "--store");
        if (only is not (null or "sqlite" or "postgresql")) throw new ArgumentException("--store is sqlite or postgresql.", nameof(options));
        if (only == "postgresql" && name is not ("crawl" or "recrawl")) throw new ArgumentException($"{name} is measured on SQLite.", nameof(options));
        var platform = Option(options, "--platform") ?? StandIn.Aws;
        if (!StandIn.Platforms.Contains(platform)) throw new ArgumentException($"--platform is {string.Join(", ", StandIn.Platforms)}.", nameof(options));
        var seed = uint.Parse(Option(options, "--seed") ?? "1");
        var isCloud = platform != StandIn.Aws;
        if (isCloud && (name is "start" or "api" || (PolicyBenches.Names.Contains(name) && !CloudBenches.Names.Contains(name)))) throw new ArgumentException($"{name} has no --platform.", nameof(options));
        HashSet<string> wanted = name != "all" ? [name] : platform == StandIn.Aws ? [.. Names] : [.. Crawls, "growth", .. CloudBenches.Names];
        var results = new Results($"{name}{(platform == StandIn.Aws ? "" : "-" + platform)}{(only is null ? "" : "-" + only)}{(tables == DefaultTables ? "" : $"-{tables}")}", Path.Combine(Workplace.FindRepository(), "benchmarks", "results"), time.GetUtcNow());
        if (isCloud) await CloudBenches.RunAsync(wanted, platform, seed, results, cancellationToken);
        else await PolicyBenches.RunAsync(wanted, seed, time, results, cancellationToken);
        wanted.ExceptWith(PolicyBenches.Names);
        if (wanted.Count > 0) await MeasureServerAsync(wanted, platform, tables, only, time, results, cancellationToken);
        Results.Say($"written to {results.Write()}");
        return results.Passed ? 0 : 1;
    }

    private static async Task MeasureServerAsync(
        HashSet<string> wanted, string platform, int tables, string? only, TimeProvider time, Results results, CancellationToken cancellationToken)
    {
        using var place = Workplace.Create();
        string? crawled = null;
        if (!wanted.SetEquals(["growth"]))
        {
            var bench = new CrawlBench(place, platform, tables, time);
            foreach (var database in StoresOf(wanted, only)) await bench.RunAsync(database, wanted, results, cancellationToken);
            crawled = bench.CrawledFolder;
        }

        if (wanted.Contains("start")) await new StartBench(place, crawled!, tables).RunAsync(results, cancellationToken);
        if (wanted.Contains("api")) await new ApiBench(place, crawled!, tables).RunAsync(results, cancellationToken);
        if (wanted.Contains("growth")) await new GrowthBench(place, platform, time).RunAsync(results, cancellationToken);
    }

    // Everything but the crawls themselves is measured on SQLite's.
    private static IEnumerable<string> StoresOf(HashSet<string> wanted, string? only)
    {
        string[] needed = wanted.Overlaps(["crawl", "recrawl"]) ? ["sqlite", "postgresql"] : ["sqlite"];
        foreach (var store in needed.Where(s => only is null || s == only))
        {
            if (store != "postgresql" || PostgresCluster.Unavailable is not { } reason) yield return store;
            else Results.Say($"PostgreSQL is left out: {reason}");
        }
    }

    private static string? Option(string[] options, string name)
    {
        var at = Array.IndexOf(options, name);
        return at < 0 ? null : options.ElementAtOrDefault(at + 1) ?? throw new ArgumentException($"{name} needs a value.", nameof(options));
    }
}
