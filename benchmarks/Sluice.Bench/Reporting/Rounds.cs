using System.Diagnostics;

namespace Sluice.Bench.Reporting;

/// <summary>Measures works in turns, so that what disturbs the machine meets all of them, and takes the median of each.</summary>
internal static class Rounds
{
    /// <summary>The median seconds of each work.</summary>
    /// <param name="rounds">How often each is done.</param>
    /// <param name="works">What is measured.</param>
    public static double[] Of(int rounds, params IReadOnlyList<Action> works)
    {
        var seconds = works.Select(_ => new List<double>(rounds)).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < works.Count; i++)
            {
                // What one left behind is not collected in the time of the next.
                GC.Collect();
                var started = Stopwatch.GetTimestamp();
                works[i]();
                seconds[i].Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        return [.. seconds.Select(Median)];
    }

    /// <summary>The value in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
