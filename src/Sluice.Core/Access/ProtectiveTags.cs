using Sluice.Core.Policies;
using Sluice.Core.Tags;

namespace Sluice.Core.Access;

/// <summary>
/// The tags whose loss would uncover or open something: those that data policies, required policies and guardrails name, and any where a policy tells objects apart by
/// whatever tags they carry.
/// </summary>
public sealed class ProtectiveTags
{
    private readonly HashSet<string> named = new(StringComparer.Ordinal);
    private readonly bool isAny;

    private ProtectiveTags(IEnumerable<Policy?> policies)
    {
        foreach (var policy in policies)
        {
            if (policy is { IsStaged: true }) continue;
            isAny |= policy is null || TellsByAnyTag(policy) || (IsShared(policy) && policy.Circumstances?.Any(static c => c is Circumstance.NoTags) == true);
            if (policy is not null && !IsShared(policy)) named.UnionWith(PolicyTags.Of(policy));
        }
    }

    /// <summary>Those of policies. One that can't be read (null) may protect by any tag.</summary>
    public static ProtectiveTags Of(IEnumerable<Policy?> policies) => new(policies);

    /// <summary>Whether a policy protects by a tag that is carried: by it, or by one above it.</summary>
    public bool Contains(string carried) => isAny || named.Any(tag => TagName.IsAtOrBelow(carried, tag));

    private static bool IsShared(Policy policy) => policy is SubscriptionPolicy { Mode: SubscriptionMode.Shared };

    private static bool TellsByAnyTag(Policy policy) => (PolicyNeeds.Of(policy).Facets & (ObjectFacets.Tags | ObjectFacets.ColumnTags)) != ObjectFacets.None;
}
