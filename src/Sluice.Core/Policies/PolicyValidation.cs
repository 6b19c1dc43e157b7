using Sluice.Core.Policies.Documents;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Policies;

/// <summary>
/// Holds a policy against what exists. An unknown group or attribute is an error: whom it means decides who sees what. An unknown tag, column or object is a
/// warning: it may come with the next crawl. So is what can be seen to do nothing.
/// </summary>
public static class PolicyValidation
{
    /// <summary>Checks a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="context">What exists.</param>
    /// <param name="problems">Where errors and warnings go.</param>
    /// <param name="document">The document the policy was read from, for lines and columns.</param>
    public static void Check(Policy policy, PolicyContext context, PolicyProblems problems, PolicyDocument? document = null)
    {
        var names = new NameCheck(context, problems, document ?? new PolicyDocument(PolicyWriter.Write(policy)));
        if (policy.Circumstances is { } circumstances) new CircumstanceCheck(names).Check(policy.CircumstanceOperator, circumstances);
        if (policy is SubscriptionPolicy subscription) Check(subscription, names);
        if (policy is not DataPolicy data) return;
        var paths = names.Document.RulePaths();
        for (var i = 0; i < data.Rules.Count; i++) Check(data.Rules[i], i < paths.Count ? paths[i] : $"{names.Root}.actions", names);
    }

    private static void Check(SubscriptionPolicy policy, NameCheck names)
    {
        var actions = $"{names.Root}.actions";
        if (policy.Entitlements is { } entitlements) names.Entitlements(entitlements, $"{actions}.entitlements");
        if (policy.Advanced is not { } advanced) return;
        var path = $"{actions}.advanced";
        names.Predicate(advanced, path);
        var outcomes = Truth.Of(advanced);
        if (!outcomes.HasFlag(Outcomes.True)) names.Warn(path, "can never be true, and so holds for nobody");
        if (outcomes == Outcomes.True) names.Warn(path, "is always true, and so holds for everybody: 'type: anyone' says it plainly");
    }

    private static void Check(DataRule rule, string path, NameCheck names)
    {
        if (rule.Exceptions is { } exceptions) names.Entitlements(exceptions, $"{path}.exceptions");
        var config = $"{path}.config";
        switch (rule)
        {
            case DataRule.Masking masking:
                for (var i = 0; i < masking.Fields.Count; i++) names.Selector(masking.Fields[i], $"{config}.fields[{i}]");
                if (masking.Fields.All(names.SelectsNothing)) names.Warn($"{config}.fields", "selects no column of any object known so far, and so masks nothing");
                if (masking.Condition is not { } condition) break;
                names.Predicate(condition, $"{config}.conditionalPredicate");
                if (Truth.Of(condition) == Outcomes.False) names.Warn($"{config}.conditionalPredicate", "is false for every row, and so masks nothing");
                break;
            case DataRule.RowsByEntitlements rows:
                for (var i = 0; i < rows.Matches.Count; i++)
                {
                    names.Selector(rows.Matches[i].Column, $"{config}.matches[{i}].column");
                    if (rows.Matches[i].Attribute is { } attribute) names.Attribute(attribute, $"{config}.matches[{i}].attribute");
                }

                break;
            case DataRule.RowsByPredicate rows:
                var outcomes = Truth.Of(rows.Predicate);
                names.Predicate(rows.Predicate, $"{config}.predicate");
                if (!outcomes.HasFlag(Outcomes.True)) names.Warn($"{config}.predicate", "can never be true, and so hides every row");
                if (outcomes == Outcomes.True) names.Warn($"{config}.predicate", "is true for every row, and so hides none");
                break;
            case DataRule.RowsByTime rows:
                names.Selector(rows.Column, $"{config}.column");
                break;
            case DataRule.RowsByShare rows:
                names.Selector(rows.On, $"{config}.on");
                break;
        }
    }
}
