using System.Text.RegularExpressions;
using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>Every way in which the policies mean columns, numbered; answers for a column which of them mean it, without trying each.</summary>
internal sealed class ColumnProbes
{
    // Beyond this many names of columns patterns are tried each time.
    private const int MostRemembered = 65_536;

    private readonly Dictionary<ColumnSelector, int> numbers = [];
    private readonly TagIndex tags = new();
    private readonly Dictionary<string, List<int>> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(Regex Pattern, int Number)> patterns = [];
    private readonly Dictionary<string, int[]> known = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => numbers.Count;

    public int NumberOf(ColumnSelector selector)
    {
        if (numbers.TryGetValue(selector, out var number)) return number;
        numbers.Add(selector, number = numbers.Count);
        switch (selector)
        {
            case ColumnSelector.Tagged tagged:
                tags.Add(tagged.Tag, number);
                break;
            case ColumnSelector.Matching matching:
                patterns.Add((ColumnMatch.PatternOf(matching.Regex, matching.IgnoresCase), number));
                break;
            case ColumnSelector.Named named:
                if (!names.TryGetValue(named.Name, out var same)) names.Add(named.Name, same = []);
                same.Add(number);
                break;
        }

        return number;
    }

    /// <summary>Sets the bits of the selectors that mean a column; of a name, any that is the same ignoring case, because such a column decides what the name means.</summary>
    public void Mark(GovernedColumn column, Span<ulong> bits)
    {
        foreach (var number in ByName(column.Name)) Bits.Set(bits, number);
        foreach (var tag in column.Tags.Items)
            foreach (var number in tags.At(tag)) Bits.Set(bits, number);
    }

    private int[] ByName(string name)
    {
        if (names.Count == 0 && patterns.Count == 0) return [];
        if (known.TryGetValue(name, out var found)) return found;
        var matching = new List<int>();
        if (names.TryGetValue(name, out var same)) matching.AddRange(same);
        foreach (var (pattern, number) in patterns)
            if (pattern.IsMatch(name)) matching.Add(number);
        found = matching.Count == 0 ? [] : [.. matching];
        if (known.Count < MostRemembered) known.Add(name, found);
        return found;
    }
}
