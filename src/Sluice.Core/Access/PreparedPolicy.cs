using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>A policy, and what doesn't depend on objects: who is exempt from each of its rules.</summary>
internal sealed class PreparedPolicy
{
    public PreparedPolicy(Policy policy)
    {
        Policy = policy;
        Exempt = policy is DataPolicy data ? [.. data.Rules.Select(EntitlementRules.Exempt)] : [];
        Needs = PolicyNeeds.Of(policy);
    }

    public Policy Policy { get; }

    /// <summary>By the position of the rule.</summary>
    public IReadOnlyList<AccessRule> Exempt { get; }

    public PolicyNeeds Needs { get; }
}
