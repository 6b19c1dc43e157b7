using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>How a person is subscribed to one object, beside what the policies say; what has expired is left out.</summary>
/// <param name="IsManual">By hand.</param>
/// <param name="IsApproved">By an approved request.</param>
public readonly record struct Subscriptions(bool IsManual, bool IsApproved)
{
    /// <summary>In no way.</summary>
    public static Subscriptions None => default;

    /// <summary>Whether in this way.</summary>
    public bool Has(SubscriptionKind kind) => kind switch
    {
        SubscriptionKind.Manual => IsManual,
        SubscriptionKind.Approval => IsApproved,
        _ => false,
    };
}
