using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Puts data policies on one object whose circumstances hold there (policies.md, "Data").</summary>
internal static class DataComposition
{
    /// <summary>The masks of a rule.</summary>
    public static IEnumerable<(GovernedColumn Column, ColumnMask Mask)> Masks(
        DataPolicy policy, DataRule.Masking rule, AccessRule exempt, GovernedObject target, ObjectBinding binding)
    {
        var condition = rule.Condition is { } asked ? binding.BindCondition(asked) : null;
        var isUnbound = rule.Condition is not null && condition is null;
        if (isUnbound && policy.WhenUnbound == UnboundBehaviour.Skip && !binding.IsConditionTooWide(rule.Condition!)) yield break;
        if (condition is Predicate.Constant constant)
        {
            if (!constant.Value) yield break;
            condition = null;
        }

        var columns = rule.Fields.SelectMany(f => ColumnMatch.In(target.Columns, f)).ToHashSet<GovernedColumn>(ReferenceEqualityComparer.Instance);
        foreach (var column in target.Columns)
        {
            if (!columns.Contains(column)) continue;
            var fits = MaskFit.CanApply(rule.Function, column.Family);
            yield return (column, new ColumnMask(
                column.Name, fits ? rule.Function : new MaskFunction.Null(), exempt, condition, policy.Key, isUnbound, IsNarrowed: !fits));
        }
    }

    /// <summary>The row rule of a rule about rows; null where it is not applied, or lets every row pass.</summary>
    public static RowRule? Rows(DataPolicy policy, DataRule rule, AccessRule exempt, ObjectBinding binding)
    {
        var predicate = Bound(rule, binding);
        if (predicate is Predicate.Constant { Value: true }) return null;
        if (predicate is not null) return new RowRule(predicate, exempt, policy.Key);
        var isSkipped = policy.WhenUnbound == UnboundBehaviour.Skip && !(rule is DataRule.RowsByPredicate custom && binding.AreRowsTooWide(custom.Predicate));
        return isSkipped ? null : new RowRule(new Predicate.Constant(false), exempt, policy.Key, IsUnbound: true);
    }

    private static Predicate? Bound(DataRule rule, ObjectBinding binding) => rule switch
    {
        DataRule.RowsByPredicate custom => binding.BindRows(custom.Predicate),
        DataRule.RowsByEntitlements entitlements => Matches(entitlements, binding),
        DataRule.RowsByTime time => ForEach(binding, time.Column, c => new Predicate.IsNewerThan(c, time.NewerThan)),
        DataRule.RowsByShare share => ForEach(binding, share.On, c => new Predicate.IsInShare(c, share.Percent)),
        _ => throw new NotSupportedException($"A {rule.GetType().Name} is no rule about rows."),
    };

    private static Predicate? Matches(DataRule.RowsByEntitlements rule, ObjectBinding binding)
    {
        var matches = new List<Predicate>();
        foreach (var match in rule.Matches)
        {
            var bound = ForEach(
                binding, match.Column, c => match.Attribute is { } attribute ? new Predicate.AttributeContains(attribute, c) : new Predicate.GroupsContain(c));
            if (bound is null) return null;
            matches.Add(bound);
        }

        // A rule that asks for nothing shows nothing, whatever its operator.
        return matches.Count > 0 && rule.Operator == SetOperator.All ? Folding.All(matches) : Folding.Any(matches);
    }

    private static Predicate? ForEach(ObjectBinding binding, ColumnSelector selector, Func<Operand.Column, Predicate> condition) =>
        binding.Columns(selector) is { } columns ? Folding.All(columns.Select(c => condition(new Operand.Column(c.Name)))) : null;
}
