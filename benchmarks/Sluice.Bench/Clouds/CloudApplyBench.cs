using Sluice.Bench.Reporting;
using Sluice.Core.Planning;

namespace Sluice.Bench.Clouds;

/// <summary>
/// Many changes on a cloud whose every answer takes 350 ms, one request after the other and several at once: each against the fewest round trips that so many at once allow.
/// </summary>
internal static class CloudApplyBench
{
    private const double Bar = 1.2;
    private const double MostRequests = 1.05;
    private const int Audiences = 20;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(350);

    public static async Task RunAsync(string platform, Results results, CancellationToken cancellationToken)
    {
        var isSnowflake = platform == "snowflake";
        Run[] runs = isSnowflake ? Snowflake() : Databricks();
        await using var cloud = await CloudStandIn.StartAsync(platform, isSnowflake ? 3_200 : 2_400, isSnowflake ? 1_000 : 200, cancellationToken);
        var enforced = new CloudRun(cloud);
        var scene = CloudScene.Of(cloud, isSnowflake ? 1_000 : 200, Audiences, hasRules: false);

        // One mask, so that what masks rest on is there.
        scene = scene.Tagging(scene.Maskable[0], CloudScene.Masked);
        await enforced.SettleAsync(scene, cancellationToken);
        Results.Say($"{cloud.Tables.Count} tables are enforced");
        double? alone = null;
        foreach (var run in runs)
        {
            scene = run.Change(scene);
            await using var session = cloud.Open(run.Limits);
            var intent = enforced.Asked(scene);
            var plan = await enforced.PlanAsync(session, intent, cancellationToken);
            cloud.Delay(RoundTrip);
            var meter = CloudMeter.Start(cloud);
            await enforced.ApplyAsync(session, intent, plan, cancellationToken);
            var spent = meter.Stop();
            cloud.Delay(TimeSpan.Zero);
            await enforced.DemandSettledAsync(session, scene, cancellationToken);
            var perSecond = plan.Changes.Count / spent.Wall.TotalSeconds;
            alone ??= perSecond;
            Report(results, $"apply.{platform}.{run.Name}", run, plan, spent, perSecond / alone.Value);
        }
    }

    private static void Report(Results results, string name, Run run, Plan plan, CloudSpent spent, double speed)
    {
        var requests = plan.Changes.GroupBy(static c => c.Phase).Select(phase => Share(run.UnitsOf(phase), run.StatementsOfRequest)).ToList();
        var rounds = requests.Sum(r => Share(r, run.AtOnce));
        results.Add(Figure.AtMost(name, spent.Wall / (rounds * RoundTrip), "x the fewest round trips", Bar) with
        {
            Parts = new Dictionary<string, double>(spent.Parts())
            {
                ["changes"] = plan.Changes.Count, ["at_once"] = run.AtOnce, ["fewest_s"] = (rounds * RoundTrip).TotalSeconds, ["changes_per_s"] = plan.Changes.Count / spent.Wall.TotalSeconds,
                ["x_one_at_a_time"] = speed,
            },
        });
        results.Add(Figure.AtMost($"{name}.requests", (double)spent.Requests / requests.Sum(), "x the fewest requests", MostRequests) with
        {
            Parts = new Dictionary<string, double> { ["requests"] = spent.Requests, ["fewest"] = requests.Sum() },
        });
    }

    private static Run[] Snowflake() =>
    [
        new("one_at_a_time", new CloudLimits(1, 1), 1, 1, static phase => phase.Count(), static s => Join(s, 0, 12)),
        new("eight_at_once", new CloudLimits(8, 1), 8, 1, static phase => phase.Count(), static s => Join(s, 12, 60)),
        new("sixteen_at_once", new CloudLimits(16, 1), 16, 1, static phase => phase.Count(), static s => Join(s, 72, 120)),
        new("batched", null, 16, 20, static phase => phase.Count(), static s => Open(Join(s, 192, 720), 0, 3_000)),
        new("masks", null, 16, 20, static phase => phase.Count(), static s => Mask(s, 600)),
    ];

    // A person who joins an audience is in the grant on each of its tables: one request for each, however many people.
    private static Run[] Databricks() =>
    [
        new("one_at_a_time", new CloudLimits(1), 1, 1, Securables, static s => Open(s, 0, 100)),
        new("eight_at_once", new CloudLimits(8), 8, 1, Securables, static s => Open(s, 100, 500)),
        new("default", null, 20, 1, Securables, static s => Open(s, 600, 1_200)),
        new("masks", null, 8, 1, static phase => phase.Count(), static s => Mask(s, 160)),
    ];

    private static int Securables(IEnumerable<Change> phase) => phase.Select(static c => c.Key.Object).Distinct().Count();

    // Each person joins ten further audiences.
    private static CloudScene Join(CloudScene scene, int first, int count) => Enumerable.Range(first, count)
        .SelectMany(static p => Enumerable.Range(1, 10).Select(g => (Person: p, Group: CloudScene.GroupOf((p + g) % Audiences))))
        .Aggregate(scene, static (s, j) => s.Joining(j.Person, j.Group));

    // Each table is read by a further audience.
    private static CloudScene Open(CloudScene scene, int first, int count) =>
        Enumerable.Range(first, Math.Min(count, scene.Tables.Count - first)).Aggregate(scene, static (s, t) => s.Opening(t, (t + 7) % Audiences));

    private static CloudScene Mask(CloudScene scene, int count) => scene.Maskable.Take(count).Aggregate(scene, static (s, t) => s.Tagging(t, CloudScene.Masked));

    private static int Share(int all, int of) => (all + of - 1) / of;

    /// <summary>One measured apply.</summary>
    /// <param name="Name">In figures.</param>
    /// <param name="Limits">Of the session.</param>
    /// <param name="AtOnce">Requests that are under way at the same time then.</param>
    /// <param name="StatementsOfRequest">Units of work in one request.</param>
    /// <param name="UnitsOf">Of a phase: what can't be sent as less.</param>
    /// <param name="Change">What is changed.</param>
    private sealed record Run(
        string Name, CloudLimits? Limits, int AtOnce, int StatementsOfRequest, Func<IEnumerable<Change>, int> UnitsOf, Func<CloudScene, CloudScene> Change);
}
