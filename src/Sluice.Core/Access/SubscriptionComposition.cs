using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Joins the subscription policies whose circumstances hold on an object into one rule for one kind of access (policies.md, "Subscription").</summary>
/// <param name="Rule">Who has access by rule.</param>
/// <param name="BySubscription">The whole rule, subscriptions by hand or approval in it; null where none can count.</param>
internal readonly record struct SubscriptionComposition(AccessRule Rule, Predicate? BySubscription)
{
    private static readonly Predicate ByAnySubscription =
        new Predicate.Any([new Predicate.IsSubscribed(SubscriptionKind.Manual), new Predicate.IsSubscribed(SubscriptionKind.Approval)]);

    /// <param name="policies">Those that hold, or may hold.</param>
    /// <param name="doubtful">The keys of those that hold only by tags that have vanished: they ask for what they ask, and let nobody in by themselves.</param>
    /// <param name="access">For which access.</param>
    /// <param name="binding">The object.</param>
    public static SubscriptionComposition Of(IEnumerable<SubscriptionPolicy> policies, IReadOnlySet<string> doubtful, AccessKind access, ObjectBinding binding)
    {
        var (shared, required, guardrails) = (new List<Predicate>(), new List<Predicate>(), new List<Predicate>());
        var (certain, isSharedDoubtful, isAnyDoubtful) = (0, false, false);
        foreach (var policy in policies)
        {
            if (policy.Access != access) continue;
            var isDoubtful = doubtful.Contains(policy.Key);
            if (policy.Mode != SubscriptionMode.Guardrail)
            {
                if (isDoubtful) isAnyDoubtful = true;
                else certain++;
            }

            if (isDoubtful && policy.Mode == SubscriptionMode.Shared)
            {
                isSharedDoubtful = true;
                continue;
            }

            var terms = policy.Mode switch
            {
                SubscriptionMode.Shared => shared,
                SubscriptionMode.Required => required,
                _ => guardrails,
            };
            terms.Add(Condition(policy, binding));
        }

        var everyGuardrail = new Predicate.All(guardrails.ToValueList());
        // Where no policy subscribes anybody, a subscription by hand does, within the guardrails.
        if (certain == 0)
            return new(AccessRule.Nobody, isAnyDoubtful ? null : Counting(new Predicate.All([ByAnySubscription, everyGuardrail])));

        Predicate oneShared = shared.Count == 0 ? new Predicate.Constant(!isSharedDoubtful) : new Predicate.Any(shared.ToValueList());
        var whole = new Predicate.All([oneShared, new Predicate.All(required.ToValueList()), everyGuardrail]);
        return new(AccessRule.Of(WithoutSubscriptions(whole)), Counting(whole));
    }

    /// <summary>What a policy asks of a person on an object.</summary>
    public static Predicate Condition(SubscriptionPolicy policy, ObjectBinding binding) => policy.Kind switch
    {
        SubscriptionKind.Anyone => new Predicate.Constant(true),
        SubscriptionKind.Entitlements when policy.Advanced is { } advanced => binding.BindToPeople(advanced),
        SubscriptionKind.Entitlements => policy.Entitlements is { } entitlements ? entitlements.ToPredicate() : new Predicate.Constant(false),
        _ => new Predicate.IsSubscribed(policy.Kind),
    };

    private static Predicate? Counting(Predicate whole)
    {
        var normal = AccessRule.Of(whole).Normal;
        return PredicateWalk.Leaves(normal).Any(static l => l is Predicate.IsSubscribed) ? normal : null;
    }

    private static Predicate WithoutSubscriptions(Predicate predicate) => predicate switch
    {
        Predicate.All all => new Predicate.All(all.Terms.Select(WithoutSubscriptions).ToValueList()),
        Predicate.Any any => new Predicate.Any(any.Terms.Select(WithoutSubscriptions).ToValueList()),
        // Such a condition is a term of the composition and never negated.
        Predicate.IsSubscribed => new Predicate.Constant(false),
        _ => predicate,
    };
}
