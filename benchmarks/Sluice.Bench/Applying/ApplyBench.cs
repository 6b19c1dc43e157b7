using System.Diagnostics;
using Sluice.Bench.Processes;
using Sluice.Bench.Reporting;
using Sluice.Core.Planning;
using Sluice.Engine.Enforcing;
using Sluice.Platforms;

namespace Sluice.Bench.Applying;

/// <summary>Ten thousand grants by name and memberships of LF-Tag audiences, against the fewest round trips that batches of 20 allow at 16 calls at once.</summary>
internal static class ApplyBench
{
    private const int Fewest = 10_000;
    private const int EntriesOfBatch = 20;
    private const int AtOnce = 16;
    private const double Bar = 1.2;
    private const double MostBatches = 1.05;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(350);

    public static async Task RunAsync(TimeProvider time, Results results, CancellationToken cancellationToken)
    {
        await using var lake = await LakeUnderChange.StartAsync(time, cancellationToken);
        var before = lake.Intent(isChanged: false);
        await using (var session = lake.Open())
            await ApplyAsync(session, before, await lake.PlanAsync(before, session, cancellationToken), cancellationToken);

        var intent = lake.Intent(isChanged: true);
        await using var changing = lake.Open();
        var plan = await lake.PlanAsync(intent, changing, cancellationToken);
        if (plan.Changes.Count < Fewest) throw new InvalidOperationException($"The plan has {plan.Changes.Count} changes, and not {Fewest}.");
        if (plan.Changes.FirstOrDefault(static c => c is not { Verb: ChangeVerb.Add, Key.Kind: FactKind.Member or FactKind.Grant }) is { } other)
            throw new InvalidOperationException($"{other.Verb} {other.Key} is no grant and no membership.");

        lake.Delay(RoundTrip);
        var asked = lake.Requests;
        var meter = Meter.Start();
        var started = Stopwatch.GetTimestamp();
        await ApplyAsync(changing, intent, plan, cancellationToken);
        var wall = Stopwatch.GetElapsedTime(started);
        var spent = meter.Stop();
        var requests = lake.Requests - asked;
        lake.Delay(TimeSpan.Zero);
        var left = (await lake.PlanAsync(intent, changing, cancellationToken)).Changes.Count;
        if (left > 0) throw new InvalidOperationException($"After the apply {left} changes are left.");

        var batches = plan.Changes.GroupBy(static c => c.Phase).Sum(static phase => Share(phase.Count(), EntriesOfBatch));
        var rounds = plan.Changes.GroupBy(static c => c.Phase).Sum(static phase => Share(Share(phase.Count(), EntriesOfBatch), AtOnce));
        var fewest = rounds * RoundTrip;
        results.Add(Figure.AtMost("apply", wall / fewest, "x the fewest round trips", Bar) with
        {
            Parts = new Dictionary<string, double>(spent.Parts())
            {
                ["changes"] = plan.Changes.Count, ["memberships"] = plan.Changes.Count(static c => c.Key.Kind == FactKind.Member), ["fewest_s"] = fewest.TotalSeconds, ["rounds"] = rounds,
            },
            Note = "bench_cpu_s is that of the session and of the stand-in together, which runs in the same process",
        });
        results.Add(Figure.AtMost("apply.requests", (double)requests / batches, "x the fewest batches", MostBatches) with
        {
            Parts = new Dictionary<string, double> { ["requests"] = requests, ["fewest"] = batches },
        });
    }

    private static async Task ApplyAsync(IPlatformSession session, AccessIntent intent, Plan plan, CancellationToken cancellationToken)
    {
        var outcomes = await PlanApplier.ApplyAsync(
            (IAppliesChanges)session, intent, plan.Changes, desired: null, static _ => Task.CompletedTask, static _ => Task.CompletedTask, cancellationToken);
        if (outcomes.FirstOrDefault(static o => o.Error is not null) is { } failed) throw new InvalidOperationException($"{failed.Change.Verb} {failed.Change.Key}: {failed.Error}");
    }

    private static int Share(int all, int of) => (all + of - 1) / of;
}
