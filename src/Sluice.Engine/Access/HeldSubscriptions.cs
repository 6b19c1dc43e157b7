using Sluice.Core.Policies;
using Sluice.Storage.Subscriptions;

namespace Sluice.Engine.Access;

/// <summary>The subscriptions to one object, expired ones left out.</summary>
internal sealed class HeldSubscriptions(IEnumerable<StoredSubscription> held)
{
    private readonly List<StoredSubscription> _held = [.. held];

    /// <summary>The people who hold one.</summary>
    public IEnumerable<string> People(AccessKind access) => _held.Where(s => s.Access == access).Select(static s => s.PersonId).Distinct(StringComparer.Ordinal);

    /// <summary>How a person is subscribed.</summary>
    public Core.Access.Subscriptions Of(string personId, AccessKind access)
    {
        var (isManual, isApproved) = (false, false);
        foreach (var subscription in _held)
        {
            if (subscription.PersonId != personId || subscription.Access != access) continue;
            isManual |= subscription.Kind == SubscriptionKind.Manual;
            isApproved |= subscription.Kind == SubscriptionKind.Approval;
        }

        return new Core.Access.Subscriptions(isManual, isApproved);
    }

    /// <summary>How each is subscribed who holds any, to read and to write.</summary>
    public IReadOnlyDictionary<string, (Core.Access.Subscriptions Reading, Core.Access.Subscriptions Writing)> ByPerson() =>
        _held.Select(static s => s.PersonId).Distinct(StringComparer.Ordinal)
            .ToDictionary(static p => p, p => (Of(p, AccessKind.Read), Of(p, AccessKind.Write)), StringComparer.Ordinal);
}
