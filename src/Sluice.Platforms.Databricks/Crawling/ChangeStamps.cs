using Sluice.Core.Catalog;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>
/// Tells of a table without its columns whether they are still the ones that were read: by when Unity Catalog last altered it, and all else that is known
/// of it. Tables alone: what lies behind a view, a pipeline or a foreign table changes without them.
/// </summary>
internal static class ChangeStamps
{
    // What lies between two changed tables is read with them as long as it is less than another statement would cost.
    private const int LargestGap = 50;
    private const int MostRuns = 8;

    // Of a run all columns are in memory at once, as text and as rows.
    private const int LongestRun = 1000;

    /// <summary>When the table was last changed; null where that says nothing of its columns.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="lastAltered">As the information schema has it.</param>
    public static string? LastChanged(ObjectKind kind, string? lastAltered) =>
        kind is ObjectKind.Table or ObjectKind.ExternalTable or ObjectKind.IcebergTable ? lastAltered : null;

    /// <summary>Which tables of a page have to be read, as runs from a first to a last.</summary>
    /// <param name="isChanged">Of each table, in the order of the page.</param>
    public static IReadOnlyList<(int First, int Last)> Runs(IReadOnlyList<bool> isChanged)
    {
        var runs = new List<(int First, int Last)>();
        for (var i = 0; i < isChanged.Count; i++)
        {
            if (!isChanged[i]) continue;
            if (runs.Count > 0 && i - runs[^1].Last <= LargestGap) runs[^1] = (runs[^1].First, i);
            else runs.Add((i, i));
        }

        if (runs.Count > MostRuns) runs = [(runs[0].First, runs[^1].Last)];
        return [.. runs.SelectMany(Parts)];
    }

    private static IEnumerable<(int First, int Last)> Parts((int First, int Last) run)
    {
        for (var first = run.First; first <= run.Last; first += LongestRun) yield return (first, Math.Min(run.Last, first + LongestRun - 1));
    }
}
