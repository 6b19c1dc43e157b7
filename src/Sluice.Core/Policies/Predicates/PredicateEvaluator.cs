namespace Sluice.Core.Policies.Predicates;

/// <summary>
/// Says what a predicate is in a row: true, false, or null for unknown, by SQL's logic of three values. Nothing throws, and what can't be judged is
/// unknown: an allow and a row rule count unknown as false, a mask counts it as true.
/// </summary>
public static class PredicateEvaluator
{
    /// <summary>So many ways of putting columns in the place of tags are tried; a predicate with more is unknown.</summary>
    internal const int MaxBindings = 4096;

    /// <summary>
    /// The predicate's value. Where several columns carry a tag that it names, it is judged for each, and is unknown when they don't agree: so a row rule
    /// holds only where it does for each, and a mask applies where it does for any. Where none carries it, what reads it is unknown.
    /// </summary>
    public static bool? Evaluate(Predicate p, PredicateRow row)
    {
        var tags = PredicateNames.Of(p).Tags;
        var columns = tags.Select(tag => ColumnsTagged(tag, row)).ToArray();
        var count = columns.Aggregate(1L, (product, list) => Math.Min(product * Math.Max(1, list.Length), MaxBindings + 1));
        if (count > MaxBindings) return null;
        bool? agreed = null;
        for (var number = 0; number < count; number++)
        {
            var value = new Evaluation(row, Binding(number, tags, columns)).Of(p);
            if (value is null || (number > 0 && value != agreed)) return null;
            agreed = value;
        }

        return agreed;
    }

    private static string[] ColumnsTagged(string tag, PredicateRow row) =>
        [.. row.ColumnTags.Where(c => c.Value.Any(carried => Tags.TagName.IsAtOrBelow(carried, tag))).Select(c => c.Key)];

    private static Dictionary<string, string> Binding(int number, ValueList<string> tags, string[][] columns)
    {
        var binding = new Dictionary<string, string>(tags.Count);
        for (var i = 0; i < tags.Count; i++)
        {
            if (columns[i].Length == 0) continue;
            binding.Add(tags[i], columns[i][number % columns[i].Length]);
            number /= columns[i].Length;
        }

        return binding;
    }
}
