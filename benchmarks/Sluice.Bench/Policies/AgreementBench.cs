using Sluice.Bench.Reporting;
using Sluice.Testing.OtherEngines;

namespace Sluice.Bench.Policies;

/// <summary>Has Cedar and Casbin decide a sample of the large state again, by the policies that they can say too.</summary>
internal static class AgreementBench
{
    private const int Samples = 2_000;

    public static async Task RunAsync(LargeState state, uint seed, Results results, CancellationToken cancellationToken)
    {
        if (await EngineAgreement.MissingAsync(cancellationToken) is { } reason)
        {
            Results.Say($"Cedar and Casbin are left out: {reason}");
            return;
        }

        var (granted, denied, exitCode) = await EngineAgreement.AskAsync(state.World, Samples, seed, Results.Say, cancellationToken);
        results.Add(Figure.AtMost("decide.disagreements", exitCode, "exit code of the engines", 0) with
        {
            Parts = new Dictionary<string, double> { ["granted"] = granted, ["denied"] = denied, ["policies"] = SharedSubset.Of(state.World.Policies).Count },
            Note = "0 when @cedar-policy/cedar-wasm and casbin agree on every decision",
        });
    }
}
