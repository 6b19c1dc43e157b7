using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Sluice.Core.Policies;
using Sluice.Core.Tags;

namespace Sluice.Core.Access;

/// <summary>Which columns of an object a selector means.</summary>
internal static class ColumnMatch
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentDictionary<(string Pattern, bool IgnoresCase), Regex> Patterns = new();

    public static bool Selects(ColumnSelector selector, GovernedColumn column) => selector switch
    {
        ColumnSelector.Tagged tagged => Carries(column.Tags, tagged.Tag),
        ColumnSelector.Matching matching => PatternOf(matching.Regex, matching.IgnoresCase).IsMatch(column.Name),
        _ => false,
    };

    public static List<GovernedColumn> In(ValueList<GovernedColumn> columns, ColumnSelector selector) => selector switch
    {
        ColumnSelector.Named named => Named(columns, named.Name) is { } column ? [column] : [],
        _ => [.. columns.Where(c => Selects(selector, c))],
    };

    /// <summary>The column of exactly this name, or else the only one of it ignoring case.</summary>
    public static GovernedColumn? Named(ValueList<GovernedColumn> columns, string name)
    {
        GovernedColumn? similar = null;
        var count = 0;
        foreach (var column in columns)
        {
            if (column.Name == name) return column;
            if (!column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            similar = column;
            count++;
        }

        return count == 1 ? similar : null;
    }

    public static bool Carries(ValueList<string> tags, string tag)
    {
        foreach (var carried in tags)
            if (TagName.IsAtOrBelow(carried, tag)) return true;
        return false;
    }

    public static Regex PatternOf(string pattern, bool ignoresCase)
    {
        // Policies are few; texts of patterns that are gone are forgotten together.
        if (Patterns.Count > 10_000) Patterns.Clear();
        return Patterns.GetOrAdd((pattern, ignoresCase), static key => new Regex(
            key.Pattern,
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (key.IgnoresCase ? RegexOptions.IgnoreCase : RegexOptions.None),
            Limit));
    }
}
