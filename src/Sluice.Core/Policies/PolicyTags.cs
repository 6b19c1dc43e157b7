using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Policies;

/// <summary>The tags that a policy names.</summary>
public static class PolicyTags
{
    /// <summary>Each once, sorted.</summary>
    public static IReadOnlyList<string> Of(Policy policy)
    {
        var tags = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var circumstance in policy.Circumstances ?? [])
        {
            if (circumstance is Circumstance.Tagged tagged) tags.Add(tagged.Tag);
            else if (circumstance is Circumstance.ColumnTagged columnTagged) tags.Add(columnTagged.Tag);
        }

        foreach (var rule in (policy as DataPolicy)?.Rules ?? []) Add(rule, tags);
        return [.. tags];
    }

    private static void Add(DataRule rule, SortedSet<string> tags)
    {
        switch (rule)
        {
            case DataRule.Masking masking:
                foreach (var field in masking.Fields) Add(field, tags);
                if (masking.Condition is { } condition) Add(condition, tags);
                break;
            case DataRule.RowsByEntitlements rows:
                foreach (var match in rows.Matches) Add(match.Column, tags);
                break;
            case DataRule.RowsByPredicate rows:
                Add(rows.Predicate, tags);
                break;
            case DataRule.RowsByTime rows:
                Add(rows.Column, tags);
                break;
            case DataRule.RowsByShare rows:
                Add(rows.On, tags);
                break;
        }
    }

    private static void Add(ColumnSelector selector, SortedSet<string> tags)
    {
        if (selector is ColumnSelector.Tagged tagged) tags.Add(tagged.Tag);
    }

    private static void Add(Predicate predicate, SortedSet<string> tags) => tags.UnionWith(PredicateNames.Of(predicate).Tags);
}
