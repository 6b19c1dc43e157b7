using System.Diagnostics;
using Sluice.Bench.Reporting;

namespace Sluice.Bench.Clouds;

/// <summary>What seeing a whole cloud takes where nothing has changed, and how it grows with tables, people and audiences.</summary>
internal static class CloudObserveBench
{
    private const int Rounds = 3;
    private const double Linear = 1.3;
    private const double ByContainer = 0.02;
    private const double ByTable = 1.05;
    private const double ByPerson = 0.02;
    private const int MostWays = 50;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(350);
    private static readonly Size Small = new(1_000, 250, 20);
    private static readonly Size Large = new(8_000, 250, 20);
    private static readonly Size Peopled = new(1_000, 1_000, 20);
    private static readonly Size Divided = new(1_000, 250, 60);

    public static async Task RunAsync(string platform, Results results, CancellationToken cancellationToken)
    {
        var isSnowflake = platform == "snowflake";
        var seen = new Dictionary<Size, Seen>();
        foreach (var size in new[] { Small, Large, Peopled, Divided }) seen[size] = await MeasureAsync(platform, size, results, cancellationToken);
        Add("table", (seen[Large].Requests - seen[Small].Requests) / (double)(seen[Large].Tables - seen[Small].Tables), isSnowflake ? ByContainer : ByTable);
        Add("person", (seen[Peopled].Requests - seen[Small].Requests) / (double)(Peopled.People - Small.People), ByPerson);
        Add("audience", (seen[Divided].Requests - seen[Small].Requests) / (double)(Divided.Audiences - Small.Audiences), isSnowflake ? 1 : 0);
        var linear = (double)seen[Large].Tables / seen[Small].Tables;
        results.Add(Figure.AtMost($"observe.{platform}.growth", seen[Large].Seconds / seen[Small].Seconds / linear, "x linear", Linear) with { Note = "the time of an observation, by tables" });
        results.Add(Figure.AtMost($"plan.{platform}.growth", seen[Large].PlanSeconds / seen[Small].PlanSeconds / linear, "x linear", Linear) with { Note = "the time of compiling and planning, by tables" });

        await OpenAsync(platform, results, cancellationToken);

        void Add(string of, double requests, double most) => results.Add(Figure.AtMost($"observe.{platform}.by_{of}", requests, $"requests a further {of}", most));
    }

    // What others let everybody read is told, and must not be told for each pair of person and table.
    private static async Task OpenAsync(string platform, Results results, CancellationToken cancellationToken)
    {
        await using var cloud = await CloudStandIn.StartAsync(platform, Peopled.Tables, Peopled.People, cancellationToken);
        var run = new CloudRun(cloud);
        var scene = CloudScene.Of(cloud, Peopled.People, Peopled.Audiences);
        await run.SettleAsync(scene, cancellationToken);
        cloud.OpenToEverybody();
        await using var session = cloud.Open();
        var intent = run.Asked(scene);
        await CloudRun.ObserveAsync(session, intent, cancellationToken);
        GC.Collect();
        var meter = CloudMeter.Start(cloud);
        var observed = await CloudRun.ObserveAsync(session, intent, cancellationToken);
        var spent = meter.Stop();
        results.Add(Figure.AtMost($"observe.{platform}.open_to_everybody", observed.Residuals.Count / (double)cloud.Tables.Count, "ways told a table", MostWays) with
        {
            Parts = new Dictionary<string, double>(spent.Parts()) { ["tables"] = cloud.Tables.Count, ["people"] = Peopled.People, ["ways"] = observed.Residuals.Count, ["facts"] = observed.Facts.Count },
            Note = "a role or group of somebody else's reads all tables, and everybody holds it",
        });
    }

    private static async Task<Seen> MeasureAsync(string platform, Size size, Results results, CancellationToken cancellationToken)
    {
        Results.Say($"{size.Tables} tables, {size.People} people, {size.Audiences} audiences");
        await using var cloud = await CloudStandIn.StartAsync(platform, size.Tables, size.People, cancellationToken);
        var run = new CloudRun(cloud);
        var scene = CloudScene.Of(cloud, size.People, size.Audiences);
        await run.SettleAsync(scene, cancellationToken);
        await using var session = cloud.Open();
        var intent = run.Asked(scene);
        var observed = await CloudRun.ObserveAsync(session, intent, cancellationToken);
        var looks = new List<CloudSpent>();
        var plans = new List<double>();
        long planned = 0;
        for (var round = 0; round < Rounds; round++)
        {
            GC.Collect();
            var meter = CloudMeter.Start(cloud);
            observed = await CloudRun.ObserveAsync(session, intent, cancellationToken);
            looks.Add(meter.Stop());
            GC.Collect();
            var (started, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            var plan = run.PlanOf(cloud.Compile(intent), observed);
            plans.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            planned = GC.GetAllocatedBytesForCurrentThread() - before;
            if (plan.Changes.Count > 0) throw new InvalidOperationException($"Nothing has changed, and there are {plan.Changes.Count} changes.");
        }

        var look = looks.OrderBy(static l => l.Wall).ElementAt(Rounds / 2);
        cloud.Delay(RoundTrip);
        var slow = CloudMeter.Start(cloud);
        await CloudRun.ObserveAsync(session, intent, cancellationToken);
        var waited = slow.Stop();
        cloud.Delay(TimeSpan.Zero);
        var median = Reporting.Rounds.Median(plans);
        results.Add(Figure.Plain($"observe.{platform}.{size.Tables}x{size.People}x{size.Audiences}", look.Requests, "requests") with
        {
            Parts = new Dictionary<string, double>(look.Parts())
            {
                ["tables"] = cloud.Tables.Count, ["people"] = size.People, ["audiences"] = size.Audiences, ["facts"] = observed.Facts.Count, ["with_350_ms_s"] = waited.Wall.TotalSeconds,
                ["compile_and_plan_ms"] = median * 1e3, ["compile_and_plan_bytes_a_fact"] = planned / (double)observed.Facts.Count,
            },
            Note = "cpu_s and allocated_mib are of the session and of the stand-in together, which runs in the same process",
        });
        return new Seen(cloud.Tables.Count, look.Requests, look.Wall.TotalSeconds, median);
    }

    private sealed record Size(int Tables, int People, int Audiences);

    private sealed record Seen(int Tables, long Requests, double Seconds, double PlanSeconds);
}
