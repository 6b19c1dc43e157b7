using System.Numerics;
using Sluice.Bench.Reporting;
using Sluice.Core.Catalog;

namespace Sluice.Bench.Policies;

/// <summary>One decision of the large state, against one dictionary read and the AND of two bitsets of that width.</summary>
internal static class DecideBench
{
    private const int Decisions = 1_000_000;
    private const int Rounds = 7;
    private const int Sets = 300;
    private const double Bar = 5;

    public static void Run(LargeState state, uint seed, Results results)
    {
        var index = CompileBench.Compile(state);
        var random = new Random((int)seed);
        var asked = new (string Person, ObjectPath Table, string Text)[Decisions];
        for (var i = 0; i < asked.Length; i++)
        {
            var table = state.World.Objects[random.Next(state.World.Objects.Count)].Path;
            // Whoever asks has read the names somewhere: they are not the ones that the index holds.
            asked[i] = (new string(state.World.People.People[random.Next(state.World.People.People.Count)].Id.AsSpan()), new ObjectPath([.. table.Names.Select(static n => new string(n.AsSpan()))]), table.ToString());
        }

        var places = state.World.Objects.Select(static (o, i) => (Text: o.Path.ToString(), Place: i % Sets)).ToDictionary(static o => o.Text, static o => o.Place);
        var words = (state.World.People.People.Count + 63) / 64;
        var bitsets = Enumerable.Range(0, Sets).Select(_ => Enumerable.Range(0, words).Select(_ => (ulong)random.NextInt64()).ToArray()).ToArray();

        long granted = 0, met = 0, allocated = 0;
        var seconds = Reporting.Rounds.Of(
            Rounds,
            () =>
            {
                granted = 0;
                var before = GC.GetAllocatedBytesForCurrentThread();
                foreach (var (person, table, _) in asked)
                    if (index.MayRead(person, table)) granted++;
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            },
            () =>
            {
                met = 0;
                for (var i = 0; i < asked.Length; i++)
                    if (Meet(bitsets[places[asked[i].Text]], bitsets[i % Sets])) met++;
            });
        if (granted == 0 || granted == Decisions || met == 0) throw new InvalidOperationException("All decisions were alike: no figure says anything.");

        results.Add(Figure.AtMost("decide", seconds[0] / seconds[1], "x a dictionary read and an AND", Bar) with
        {
            Parts = new Dictionary<string, double>
            {
                ["decision_ns"] = seconds[0] / Decisions * 1e9, ["baseline_ns"] = seconds[1] / Decisions * 1e9, ["words"] = words, ["granted_of_million"] = granted,
            },
        });
        results.Add(Figure.AtMost("decide.allocated", allocated / (double)Rounds / Decisions, "bytes a decision", 0));
    }

    private static bool Meet(ulong[] one, ulong[] other)
    {
        var met = Vector<ulong>.Zero;
        var i = 0;
        for (; i <= one.Length - Vector<ulong>.Count; i += Vector<ulong>.Count) met |= new Vector<ulong>(one, i) & new Vector<ulong>(other, i);
        ulong rest = 0;
        for (; i < one.Length; i++) rest |= one[i] & other[i];
        return rest != 0 || met != Vector<ulong>.Zero;
    }
}
