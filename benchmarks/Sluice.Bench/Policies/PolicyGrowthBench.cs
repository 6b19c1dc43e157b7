using Sluice.Bench.Planning;
using Sluice.Bench.Reporting;

namespace Sluice.Bench.Policies;

/// <summary>The cost of compile and plan at 1k, 10k and 100k tables.</summary>
internal static class PolicyGrowthBench
{
    private const int Rounds = 7;
    private const double Limit = 1.3;
    private static readonly int[] Sizes = [1_000, 10_000, 100_000];

    public static void Run(uint seed, Results results)
    {
        var states = Sizes.Select(tables => LargeState.Of(tables, seed, isChecked: false)).ToList();
        Report("compile", [.. states.Select<LargeState, Action>(static state => () => CompileBench.Compile(state))], results);
        states.Clear();
        var streams = Sizes.Select(static tables => GrantStreams.Of(tables, 0)).ToList();
        Report("plan", [.. streams.Select<(Core.Planning.DesiredState Desired, Core.Planning.ObservedState Observed, int Changes), Action>(
            static s => () => PlanBench.Build(s.Desired, s.Observed))], results);
    }

    // All sizes in turns; once before for nothing, as a cold run would flatter the large sizes.
    private static void Report(string name, IReadOnlyList<Action> works, Results results)
    {
        _ = Reporting.Rounds.Of(2, works);
        var seconds = Reporting.Rounds.Of(Rounds, works);
        results.Add(Figure.Plain($"{name}.growth.{Sizes[0]}", seconds[0] * 1e3, "ms"));
        for (var i = 1; i < Sizes.Length; i++)
        {
            var linear = (double)Sizes[i] / Sizes[i - 1];
            results.Add(Figure.AtMost($"{name}.growth.{Sizes[i]}", seconds[i] / seconds[i - 1] / linear, "x linear", Limit) with
            {
                Parts = new Dictionary<string, double> { ["ms"] = seconds[i] * 1e3 }, Note = $"against {Sizes[i - 1]} tables",
            });
        }
    }
}
