using Sluice.Bench.Processes;
using Sluice.Bench.Reporting;
using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Testing.Naive;

namespace Sluice.Bench.Policies;

/// <summary>All decisions of the large state, against the naive evaluator on one hundredth of the people and of the tables.</summary>
internal static class CompileBench
{
    private const int Rounds = 5;
    private const int OneOf = 100;
    private const double Bar = 1_000;
    private const double MostMemory = 1_024;

    public static void Run(LargeState state, Results results)
    {
        var world = state.World;
        var people = world.People.People.Where(static (_, i) => i % OneOf == 0).ToList();
        var tables = world.Objects.Where(static (_, i) => i % OneOf == 0).ToList();
        var naive = new NaiveEvaluator(world.Policies, world.People, [], DateTimeOffset.UnixEpoch);
        var index = Compile(state);
        var round = 0;
        var naiveAnswers = new List<(Person Person, GovernedObject Table, bool Read, bool Write)>(people.Count * tables.Count);
        double peak = 0;
        var seconds = Reporting.Rounds.Of(
            Rounds,
            () =>
            {
                // A share of the sample each time, so that the rounds make one sample.
                foreach (var table in tables.Where((_, i) => i % Rounds == round))
                    foreach (var person in people) naiveAnswers.Add((person, table, naive.IsSubscribed(person, table, AccessKind.Read), naive.IsSubscribed(person, table, AccessKind.Write)));
                round++;
            },
            () =>
            {
                Proc.ForgetPeak(Environment.ProcessId);
                index = Compile(state);
                peak = Math.Max(peak, Proc.PeakMemory(Environment.ProcessId));
            });

        foreach (var (person, table, read, write) in naiveAnswers)
        {
            if (index.MayRead(person.Id, table.Path) != read || index.MayWrite(person.Id, table.Path) != write)
                throw new InvalidOperationException($"The evaluators disagree about {person.Id} on {table.Path}: no figure says anything.");
        }

        var scale = (double)world.People.People.Count * world.Objects.Count / ((double)people.Count * tables.Count / Rounds);
        results.Add(Figure.AtLeast("compile", seconds[0] * scale / seconds[1], "x the naive evaluator", Bar) with
        {
            Parts = new Dictionary<string, double>
            {
                ["compile_s"] = seconds[1], ["naive_scaled_s"] = seconds[0] * scale, ["sampled_pairs"] = naiveAnswers.Count, ["granted_pairs"] = naiveAnswers.Count(static a => a.Read),
                ["people"] = world.People.People.Count, ["tables"] = world.Objects.Count, ["policies"] = world.Policies.Count,
                ["distinct_people"] = state.DistinctPeople, ["buckets"] = state.Buckets, ["audiences"] = state.Audiences,
            },
            Note = "the naive evaluator says who reads and writes; compiling also says what is masked and who is exempt",
        });
        results.Add(Figure.AtMost("compile.memory", peak, "MiB", MostMemory) with { Note = "the largest resident size of the whole process, the people and tables included" });
    }

    public static AccessIndex Compile(LargeState state) => new(state.World.People, state.World.Policies, [.. state.World.Objects]);
}
