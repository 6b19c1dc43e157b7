using System.Diagnostics;
using Sluice.Bench.Reporting;
using Sluice.Core.People;
using Sluice.Core.Planning;

namespace Sluice.Bench.Clouds;

/// <summary>What a cloud is asked for one change of people, tags or policies, each statement in a request of its own; and what the whole plan of it takes.</summary>
internal static class CloudChangesBench
{
    private const double Linear = 1.3;
    private const int People = 1_000;
    private const int Audiences = 20;
    private const int Several = 50;

    // On Databricks the larger has a million grants.
    private static readonly int[] Sizes = [2_000, 22_500];

    private static readonly CloudLimits Apart = new(16, 1);

    public static async Task RunAsync(string platform, Results results, CancellationToken cancellationToken)
    {
        var planning = new List<double>();
        foreach (var tables in Sizes) planning.Add(await RunAsync(platform, tables, results, cancellationToken));
        results.Add(Figure.AtMost($"incremental.{platform}.growth", planning[1] / planning[0] * Sizes[0] / Sizes[1], "x linear", Linear) with
        {
            Note = $"compiling and planning one change, {Sizes[1]} tables against {Sizes[0]}: the median of all changes",
        });
    }

    private static async Task<double> RunAsync(string platform, int tables, Results results, CancellationToken cancellationToken)
    {
        var isSnowflake = platform == "snowflake";
        var suffix = tables == Sizes[0] ? "" : $".{tables}";

        // Where access is granted to people themselves, a member of an audience is in each of its grants, and in those on the way to them.
        var places = (tables / Audiences) + (4 * tables / Sizes[0]);
        Results.Say($"{tables} tables, {People} people");
        await using var cloud = await CloudStandIn.StartAsync(platform, tables, People, cancellationToken);
        var times = new List<double>();
        var run = new CloudRun(cloud);
        var scene = CloudScene.Of(cloud, People, Audiences);
        await run.SettleAsync(scene, cancellationToken);
        await using var session = cloud.Open(Apart);
        foreach (var (name, most, note, change) in Changes(isSnowflake, places))
        {
            scene = change(scene);
            var observing = CloudMeter.Start(cloud);
            var intent = run.Asked(scene);
            var observed = await CloudRun.ObserveAsync(session, intent, cancellationToken);
            var looked = observing.Stop();
            var started = Stopwatch.GetTimestamp();
            var plan = run.PlanOf(cloud.Compile(intent), observed);
            var planned = Stopwatch.GetElapsedTime(started);
            var applying = CloudMeter.Start(cloud);
            await run.ApplyAsync(session, intent, plan, cancellationToken);
            var applied = applying.Stop();
            await run.DemandSettledAsync(session, scene, cancellationToken);
            times.Add(planned.TotalSeconds);
            var (named, grants) = ($"incremental.{platform}.{name}{suffix}", observed.Facts.Count(static f => f.Key.Kind == FactKind.Grant));
            var figure = most is { } bar ? Figure.AtMost(named, applied.Requests, "requests", bar) : Figure.Plain(named, applied.Requests, "requests");
            results.Add(figure with
            {
                Parts = new Dictionary<string, double>(applied.ByOperation())
                {
                    ["facts"] = plan.Changes.Count, ["grants"] = grants, ["observe_requests"] = looked.Requests, ["observe_ms"] = looked.Wall.TotalMilliseconds, ["compile_and_plan_ms"] = planned.TotalMilliseconds,
                },
                Note = note,
            });
        }

        return Reporting.Rounds.Median(times);
    }

    private static IEnumerable<(string Name, double? Most, string Note, Func<CloudScene, CloudScene> Change)> Changes(bool isSnowflake, int places)
    {
        yield return ("nothing", 0, "nothing has changed", static s => s);
        yield return ("person.group", isSnowflake ? 1 : places, "one person joins an audience of a twentieth of the tables", static s => s.Joining(1, CloudScene.GroupOf(2)));
        yield return ("people.group", isSnowflake ? Several : places, "50 people join an audience of a twentieth of the tables", static s => Enumerable.Range(0, Several).Aggregate(s, static (all, i) => all.Joining((i * Audiences) + 4, CloudScene.GroupOf(5))));
        yield return ("person.attribute", 1, "one person has another attribute, which row rules ask about", static s => s.WithPerson(7, static p => p with { Attributes = new HashSet<PersonAttribute> { new(CloudScene.Region, "Region99") } }));
        yield return ("person.exempt", 1, "one person becomes exempt from masks and row rules", static s => s.Joining(7, CloudScene.Exempt));
        yield return ("table.tag", isSnowflake ? 2 : 2 + 4, "a tag moves one table to another audience", static s => s.WithTable(3, static t => t with { Tags = [CloudScene.TagOf(11)] }));
        yield return ("table.mask", 1, "a tag masks one column, as others are masked", static s => s.Tagging(s.Maskable[0], CloudScene.Masked));
        yield return ("tables.mask", Several, "a tag masks a column of 50 tables, as others are masked", static s => s.Maskable.Take(Several).Aggregate(s, static (all, t) => all.Tagging(t, CloudScene.Masked)));
        yield return ("table.new_mask", 2, "a tag masks one column as none was masked before", static s => s.Tagging(s.Maskable[0], CloudScene.OtherwiseMasked));
        yield return ("table.unmask", 1, "a tag that masks one column goes", static s => s.WithTable(
            s.FirstMasked, static t => t with { Columns = [.. t.Columns.Select(static c => c.Tags.Contains(CloudScene.Masked) ? c with { Tags = [] } : c)] }));
        yield return ("audience", isSnowflake ? 1 + Several + 4 : 4, "one table goes to a new audience of 50 people", static s => Enumerable.Range(100, Several)
            .Aggregate(s with { Audiences = Audiences + 1 }, static (all, i) => all.Joining(i, CloudScene.GroupOf(Audiences)))
            .WithTable(9, static t => t with { Tags = [CloudScene.TagOf(Audiences)] }));
        yield return ("person.subscription", isSnowflake ? 5 : 3, "one person is subscribed to one table by hand", static s => s with { Subscribed = s.Subscribed.Add(15, s.People[3].Id) });
        yield return ("person.leaves", isSnowflake ? 1 : places, "one person leaves an audience of a twentieth of the tables", static s => s.WithPerson(1, static p => p with { Groups = new HashSet<string>(StringComparer.Ordinal) { CloudScene.GroupOf(1) } }));
    }
}
