using Sluice.Bench.Applying;
using Sluice.Bench.Planning;
using Sluice.Bench.Reporting;

namespace Sluice.Bench.Policies;

/// <summary>What is measured in this process, without a server: from policies to changes on a platform.</summary>
internal static class PolicyBenches
{
    private const int LargeTables = 100_000;

    public static readonly string[] Names = ["compile", "decide", "incremental", "simulate", "plan", "apply", "policy-growth"];

    public static async Task RunAsync(HashSet<string> wanted, uint seed, TimeProvider time, Results results, CancellationToken cancellationToken)
    {
        if (wanted.Overlaps(["compile", "decide", "incremental", "simulate"])) await RunLargeAsync(wanted, seed, results, cancellationToken);
        if (wanted.Contains("plan")) PlanBench.Run(results);
        if (wanted.Contains("policy-growth")) PolicyGrowthBench.Run(seed, results);
        if (wanted.Contains("apply")) await ApplyBench.RunAsync(time, results, cancellationToken);
    }

    private static async Task RunLargeAsync(HashSet<string> wanted, uint seed, Results results, CancellationToken cancellationToken)
    {
        var state = LargeState.Of(LargeTables, seed);
        results.Add(Figure.Plain("state.seed", seed, "seed"));
        if (wanted.Contains("compile")) CompileBench.Run(state, results);
        if (wanted.Contains("incremental")) IncrementalBench.Run(state, seed, results);
        if (wanted.Contains("simulate")) SimulateBench.Run(state, results);
        if (!wanted.Contains("decide")) return;
        DecideBench.Run(state, seed, results);
        await AgreementBench.RunAsync(state, seed, results, cancellationToken);
    }
}
