using Sluice.Bench.Reporting;

namespace Sluice.Bench.Clouds;

/// <summary>What enforcing costs on a cloud: what is asked of it and how often, and what the server computes for it.</summary>
internal static class CloudBenches
{
    public static readonly string[] Names = ["compile", "incremental", "plan", "apply"];

    public static async Task RunAsync(HashSet<string> wanted, string platform, uint seed, Results results, CancellationToken cancellationToken)
    {
        if (wanted.Contains("compile")) CloudCompileBench.Run(platform, seed, results);
        if (wanted.Contains("incremental")) await CloudChangesBench.RunAsync(platform, results, cancellationToken);
        if (wanted.Contains("plan")) await CloudObserveBench.RunAsync(platform, results, cancellationToken);
        if (wanted.Contains("apply")) await CloudApplyBench.RunAsync(platform, results, cancellationToken);
    }
}
