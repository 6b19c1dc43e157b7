using Sluice.Core.Audit;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Subscriptions;

/// <summary>What is recorded of subscriptions and requests, in the stream of their object's connection. That one has expired, its own record said before.</summary>
internal static class SubscriptionEvents
{
    public static AuditEvent Added(EventObject on, StoredSubscription given, DateTimeOffset at) => Event(AuditAction.SubscriptionAdded, on, given.PersonId, given.CreatedBy, at) with
    {
        Details = AuditDetails.Of(
            ("subscriptionId", given.Id), ("kind", given.Kind.ToString()), ("access", given.Access.ToString()), ("reason", given.Reason), ("expiresAt", given.ExpiresAt)),
    };

    public static AuditEvent Revoked(EventObject on, StoredSubscription ended, Actor by, DateTimeOffset at) => Event(AuditAction.SubscriptionRevoked, on, ended.PersonId, by, at) with
    {
        Details = AuditDetails.Of(("subscriptionId", ended.Id), ("kind", ended.Kind.ToString()), ("access", ended.Access.ToString()), ("expiresAt", ended.ExpiresAt)),
    };

    public static AuditEvent Asked(EventObject on, StoredAccessRequest request) =>
        Event(AuditAction.RequestAsked, on, request.PersonId, new Actor(request.PersonId, request.PersonId), request.CreatedAt) with
        {
            Details = AuditDetails.Of(("requestId", request.Id), ("access", request.Access.ToString()), ("reason", request.Reason), ("expiresAt", request.ExpiresAt)),
        };

    public static AuditEvent Decided(EventObject on, StoredAccessRequest request, Actor by, DateTimeOffset at) => Event(ActionOf(request.State), on, request.PersonId, by, at) with
    {
        Details = AuditDetails.Of(
            ("requestId", request.Id), ("access", request.Access.ToString()), ("state", request.State.ToString()), ("answer", request.Decision?.Answer)),
    };

    private static string ActionOf(AccessRequestState state) => state switch
    {
        AccessRequestState.Denied => AuditAction.RequestDenied,
        AccessRequestState.Withdrawn => AuditAction.RequestWithdrawn,
        _ => AuditAction.RequestApproved,
    };

    private static AuditEvent Event(string action, EventObject on, string person, Actor by, DateTimeOffset at) => new()
    {
        Stream = AuditStream.Of(on.ConnectionId), Time = at, ActorId = by.Id, ActorName = by.Name, Action = action, Object = on.Path, Person = person,
    };
}
