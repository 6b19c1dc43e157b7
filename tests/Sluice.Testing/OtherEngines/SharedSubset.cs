using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Testing.OtherEngines;

/// <summary>Which policies other engines can say too: who reads, by groups and attributes, joined by AND, OR and NOT, where tags or paths say.</summary>
public static class SharedSubset
{
    /// <summary>Those of some policies.</summary>
    public static IReadOnlyList<SubscriptionPolicy> Of(IEnumerable<Policy> policies) => [.. policies.OfType<SubscriptionPolicy>().Where(CanBeSaid)];

    private static bool CanBeSaid(SubscriptionPolicy policy) =>
        policy is { IsStaged: false, Kind: SubscriptionKind.Entitlements, Access: AccessKind.Read, Advanced: { } who, Circumstances: { } where }
        && CanBeSaid(who)
        && where.All(static c => c is Circumstance.Tagged or Circumstance.ColumnTagged or Circumstance.AtOrBelow);

    private static bool CanBeSaid(Predicate predicate) => predicate switch
    {
        Predicate.All all => all.Terms.Count > 0 && all.Terms.All(CanBeSaid),
        Predicate.Any any => any.Terms.Count > 0 && any.Terms.All(CanBeSaid),
        Predicate.Not not => CanBeSaid(not.Term),
        Predicate.InGroups or Predicate.HasAttribute => true,
        _ => false,
    };
}
