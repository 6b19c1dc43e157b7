using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Says why a person sees of an object what they see, from the same rules that are compiled.</summary>
/// <param name="compiler">Of the policies in force, or of those that a simulation supposes.</param>
/// <param name="names">Which groups and attributes are known.</param>
public sealed class Explainer(AccessCompiler compiler, PeopleSnapshot names)
{
    /// <summary>Explains.</summary>
    /// <param name="person">The person.</param>
    /// <param name="target">The object.</param>
    /// <param name="reading">How they are subscribed to read it.</param>
    /// <param name="writing">How they are subscribed to write it.</param>
    /// <param name="column">One column by its name as the object has it; null: all.</param>
    public Explanation Explain(Person person, GovernedObject target, Subscriptions reading, Subscriptions writing, string? column = null)
    {
        var access = compiler.Compile(target);
        var subject = new Subject(person, names);
        var subscriptions = compiler.PoliciesOn(target).OfType<SubscriptionPolicy>().ToList();
        var binding = new ObjectBinding(target);
        var rows = access.RowRules.Select(subject.Explain).ToValueList();
        return new Explanation
        {
            Read = new AccessExplanation(
                subject.WayBy(access.Read, access.ReadBySubscription, reading), PoliciesFor(AccessKind.Read, reading)),
            Write = new AccessExplanation(
                subject.WayBy(access.Write, access.WriteBySubscription, writing), PoliciesFor(AccessKind.Write, writing)),
            Columns = target.Columns.Where(c => column is null || c.Name == column)
                .Select(c => subject.Explain(c, access.Masks.Where(m => m.Column == c.Name))).ToValueList(),
            RowFilter = Folding.All(rows.Where(static r => !r.Exempt.IsExempt).Select(static r => r.Filter)),
            RowRules = rows,
        };

        ValueList<PolicyExplanation> PoliciesFor(AccessKind kind, Subscriptions held) =>
            subscriptions.Where(p => p.Access == kind).Select(p => subject.Explain(p, SubscriptionComposition.Condition(p, binding), held)).ToValueList();
    }

    private sealed class Subject(Person person, PeopleSnapshot names)
    {
        private readonly PartialEvaluation rows = new(person, names, unknownCounts: false);
        private readonly PartialEvaluation masked = new(person, names, unknownCounts: true);

        public AccessWay WayBy(AccessRule rule, Predicate? bySubscription, Subscriptions held)
        {
            if (IsTrue(rule.Normal, Subscriptions.None)) return AccessWay.Rule;
            return bySubscription is not null && IsTrue(bySubscription, held) ? AccessWay.Subscription : AccessWay.None;
        }

        public PolicyExplanation Explain(SubscriptionPolicy policy, Predicate condition, Subscriptions held) =>
            new(policy.Key, policy.Kind, policy.Mode, PersonTruth.Of(condition, person, names, held), Values(condition, held));

        public RowRuleExplanation Explain(RowRule rule) => new(rule, ExemptBy(rule.Exempt), rows.Of(rule.Predicate));

        public ColumnExplanation Explain(GovernedColumn column, IEnumerable<ColumnMask> on)
        {
            var masks = on.Select(m => new MaskExplanation(m, ExemptBy(m.Exempt), m.Condition is null ? new Predicate.Constant(true) : masked.Of(m.Condition))).ToValueList();
            var met = masks.Where(static m => !m.Exempt.IsExempt && m.Condition is not Predicate.Constant { Value: false }).ToList();
            var always = MaskComposition.Of(met.Where(static m => m.Condition is Predicate.Constant).Select(static m => m.Mask.Function));
            var strictest = MaskComposition.Of(met.Select(static m => m.Mask.Function));
            var deciding = met.Where(m => m.Mask.Function.Equals(strictest)).ToList();
            if (deciding.Count == 0) deciding = met;
            return new ColumnExplanation(
                column.Name, always, strictest,
                deciding.Select(static m => m.Mask.PolicyKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList(), masks);
        }

        private ExemptExplanation ExemptBy(AccessRule rule) => new(IsTrue(rule.Normal, Subscriptions.None), Values(rule.Normal, Subscriptions.None));

        private bool IsTrue(Predicate predicate, Subscriptions held) => person.IsEnabled && PersonTruth.Of(predicate, person, names, held) == true;

        private ValueList<ConditionValue> Values(Predicate predicate, Subscriptions held) =>
            PredicateWalk.Leaves(predicate).Distinct().Select(l => new ConditionValue(l, PersonCondition.Of(l, person, names, held))).ToValueList();
    }
}
