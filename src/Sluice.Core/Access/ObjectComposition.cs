using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>What the policies whose circumstances hold ask for on an object.</summary>
internal static class ObjectComposition
{
    /// <summary>By the policies in order of their keys; those with a doubtful key hold only by tags that have vanished.</summary>
    public static ObjectAccess Of(IReadOnlyList<PreparedPolicy> policies, IReadOnlySet<string> doubtful, GovernedObject target)
    {
        var binding = new ObjectBinding(target);
        var subscriptions = policies.Select(static p => p.Policy).OfType<SubscriptionPolicy>().ToList();
        var read = SubscriptionComposition.Of(subscriptions, doubtful, AccessKind.Read, binding);
        var write = SubscriptionComposition.Of(subscriptions, doubtful, AccessKind.Write, binding);
        var masks = new List<(GovernedColumn Column, ColumnMask Mask)>();
        var rows = new List<RowRule>();
        foreach (var prepared in policies)
        {
            if (prepared.Policy is not DataPolicy policy) continue;
            for (var i = 0; i < policy.Rules.Count; i++)
            {
                if (policy.Rules[i] is DataRule.Masking masking) masks.AddRange(DataComposition.Masks(policy, masking, prepared.Exempt[i], target, binding));
                else if (DataComposition.Rows(policy, policy.Rules[i], prepared.Exempt[i], binding) is { } row) rows.Add(row);
            }
        }

        return new ObjectAccess
        {
            Read = read.Rule,
            Write = write.Rule,
            ReadBySubscription = read.BySubscription,
            WriteBySubscription = write.BySubscription,
            SubscriptionPolicies = subscriptions.Select(static p => p.Key).ToValueList(),
            Masks = InOrder(masks, target),
            RowRules = rows.ToValueList(),
        };
    }

    private static ValueList<ColumnMask> InOrder(List<(GovernedColumn Column, ColumnMask Mask)> masks, GovernedObject target)
    {
        if (masks.Count == 0) return [];
        var ofColumn = masks.ToLookup(static m => m.Column, static m => m.Mask, ReferenceEqualityComparer.Instance);
        return target.Columns.SelectMany(c => ofColumn[c]).ToValueList();
    }
}
