using Sluice.Core.Catalog;
using Sluice.Core.Policies;

namespace Sluice.Testing.Naive;

/// <summary>
/// That somebody was subscribed to an object by hand (<see cref="SubscriptionKind.Manual"/>), or by a request that was approved
/// (<see cref="SubscriptionKind.Approval"/>). From the moment of its expiry on it is as if it had never been.
/// </summary>
public sealed record Subscription(string PersonId, ObjectPath ObjectPath, SubscriptionKind Kind, AccessKind Access, DateTimeOffset? ExpiresAt = null);
