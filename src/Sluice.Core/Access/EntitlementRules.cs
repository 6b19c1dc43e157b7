using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Entitlements as predicates.</summary>
internal static class EntitlementRules
{
    /// <summary>Of no condition at all: nobody.</summary>
    public static Predicate ToPredicate(this Entitlements entitlements)
    {
        var conditions = entitlements.Groups.Select(static Predicate (g) => new Predicate.InGroups([g]))
            .Concat(entitlements.Attributes.Select(static a => new Predicate.HasAttribute(a.Name, a.Value))).ToValueList();
        return conditions.Count == 0 || entitlements.Operator == SetOperator.Any ? new Predicate.Any(conditions) : new Predicate.All(conditions);
    }

    /// <summary>Who is exempt from a data rule.</summary>
    public static AccessRule Exempt(DataRule rule) => rule.Exceptions is { } exceptions ? AccessRule.Of(exceptions.ToPredicate()) : AccessRule.Nobody;
}
