using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Testing.Naive;

/// <summary>Which columns of an object a rule means.</summary>
internal static class NaiveNames
{
    internal static bool IsAtOrBelow(string tag, string above) => tag == above || tag.StartsWith(above + ".", StringComparison.Ordinal);

    /// <summary>Kept, the one thing that is: it takes longer to make one than to do all the rest.</summary>
    private static readonly ConcurrentDictionary<(string Pattern, bool IgnoresCase), Regex> Expressions = new();

    internal static Regex Expression(string pattern, bool ignoresCase) => Expressions.GetOrAdd((pattern, ignoresCase), static key => new Regex(
        key.Pattern,
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (key.IgnoresCase ? RegexOptions.IgnoreCase : RegexOptions.None),
        TimeSpan.FromSeconds(5)));

    /// <summary>The names of the columns that a selector means; none: it is unbound.</summary>
    internal static List<string> Select(ColumnSelector selector, GovernedObject governed)
    {
        var found = new List<string>();
        foreach (var column in governed.Columns)
        {
            var isMeant = selector switch
            {
                ColumnSelector.Tagged(var tag) => column.Tags.Any(t => IsAtOrBelow(t, tag)),
                ColumnSelector.Matching(var regex, var ignoresCase) => Expression(regex, ignoresCase).IsMatch(column.Name),
                ColumnSelector.Named(var name) => column.Name == Actual(name, governed),
                _ => throw new NaiveFaultException($"No selector: {selector}."),
            };
            if (isMeant) found.Add(column.Name);
        }

        return found;
    }

    /// <summary>The column that a name means: the one of exactly that name, or else the only one of it ignoring case, for platforms differ in their casing.</summary>
    internal static string? Actual(string name, GovernedObject governed)
    {
        if (governed.Columns.Any(c => c.Name == name)) return name;
        var similar = governed.Columns.Where(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return similar.Count == 1 ? similar[0].Name : null;
    }

    /// <summary>
    /// Every way to put a column in the place of each tag a predicate names: "several columns with the tag: the rule holds for each". Null where a tag or a
    /// column that it names is missing. The whole rule holds for each: a tag that is named twice means the same column both times.
    /// </summary>
    internal static List<Dictionary<string, string>>? Bindings(Predicate predicate, GovernedObject governed)
    {
        List<Dictionary<string, string>> bindings = [[]];
        foreach (var operand in Operands(predicate))
        {
            if (operand is Operand.Column(var name) && Actual(name, governed) is null) return null;
            if (operand is not Operand.TaggedColumn(var tag) || bindings[0].ContainsKey(tag)) continue;
            var columns = Select(new ColumnSelector.Tagged(tag), governed);
            if (columns.Count == 0) return null;
            bindings = [.. bindings.SelectMany(b => columns.Select(c => new Dictionary<string, string>(b) { [tag] = c }))];
        }

        return bindings;
    }

    private static IEnumerable<Operand> Operands(Predicate predicate) => predicate switch
    {
        Predicate.All(var terms) => terms.SelectMany(Operands),
        Predicate.Any(var terms) => terms.SelectMany(Operands),
        Predicate.Not(var term) => Operands(term),
        Predicate.Comparison(_, var left, var right) => [.. Operands(left), .. Operands(right)],
        Predicate.In(var value, var items) => [.. Operands(value), .. items.SelectMany(Operands)],
        Predicate.Like(var value, _) => Operands(value),
        Predicate.Between(var value, var low, var high) => [.. Operands(value), .. Operands(low), .. Operands(high)],
        Predicate.IsNull(var value) => Operands(value),
        Predicate.AttributeContains(_, var value) => Operands(value),
        Predicate.GroupsContain(var value) => Operands(value),
        Predicate.IsNewerThan(var value, _) => Operands(value),
        Predicate.IsInShare(var value, _) => Operands(value),
        _ => [],
    };

    private static IEnumerable<Operand> Operands(Operand operand) =>
        operand is Operand.Call(_, var arguments) ? arguments.SelectMany(Operands) : [operand];
}
