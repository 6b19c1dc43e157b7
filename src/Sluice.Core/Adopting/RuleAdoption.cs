using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Adopting;

/// <summary>A mask or row rule that somebody else made.</summary>
/// <param name="Object">On what.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Text">What it says, in the platform's words.</param>
/// <param name="Predicate">Which rows it lets be seen, where that can be said exactly in our language and nothing else decides besides; null else.</param>
/// <param name="Why">Why it can't be said, where it can't.</param>
public sealed record ForeignRule(ObjectPath Object, string Name, string Text, Predicate? Predicate, string Why);

/// <summary>Drafts data policies from the row rules of others, where they can be said.</summary>
public static class RuleAdoption
{
    /// <summary>The drafts, and what is to know of each rule.</summary>
    public static (IReadOnlyList<Policy> Policies, IReadOnlyList<LeftOver> LeftOvers) Of(string connectionKey, IReadOnlyList<ForeignRule> rules)
    {
        var policies = rules.Where(static r => r.Predicate is not null).Select(r => Draft(connectionKey, r)).ToList();
        var keys = policies.Zip(rules.Where(static r => r.Predicate is not null)).ToDictionary(static p => p.Second, static p => p.First.Key);
        return (
            [.. policies.OrderBy(static p => p.Key, StringComparer.Ordinal)],
            [
                .. rules.Select(r => new LeftOver(
                    r.Object, null, $"{r.Name}: {r.Text}",
                    keys.TryGetValue(r, out var key)
                        ? $"drafted as {key}. A table that filters rows already is not touched, so remove it there once the draft is in force"
                        : r.Why)),
            ]);
    }

    private static DataPolicy Draft(string connectionKey, ForeignRule rule)
    {
        var name = $"Rows of {rule.Object.Name}, as {rule.Name} shows them";
        return new DataPolicy
        {
            Key = DraftKey.Of(connectionKey, "rows", $"{rule.Object}\n{rule.Name}"),
            Name = name.Length > PolicyLimits.Name ? name[..PolicyLimits.Name] : name,
            IsStaged = true,
            Circumstances = [new Circumstance.AtOrBelow(rule.Object)],
            Rules = [new DataRule.RowsByPredicate(rule.Predicate!)],
        };
    }
}
