using Sluice.Core.Policies;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Subscriptions;

/// <summary>Access of one person to one object, given by hand or by an approved request.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PersonId">Whose.</param>
/// <param name="ObjectId">To what.</param>
/// <param name="Kind">How it came to be: manual or approval.</param>
/// <param name="Access">To read or to write.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="CreatedBy">Who gave or approved it.</param>
/// <param name="ExpiresAt">From then on it is as if it were not; null: never.</param>
public sealed record StoredSubscription(
    Guid Id, string PersonId, long ObjectId, SubscriptionKind Kind, AccessKind Access, string? Reason, DateTimeOffset CreatedAt, Actor CreatedBy, DateTimeOffset? ExpiresAt);

/// <summary>How a request for access stands. The numbers are stored: never renumber.</summary>
public enum AccessRequestState
{
    /// <summary>Nobody has decided.</summary>
    Pending = 0,

    /// <summary>It became a subscription.</summary>
    Approved = 1,

    /// <summary>It did not.</summary>
    Denied = 2,

    /// <summary>Who asked took it back.</summary>
    Withdrawn = 3,
}

/// <summary>Somebody's wish to have access.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PersonId">Who asks, for themselves.</param>
/// <param name="ObjectId">For what.</param>
/// <param name="Access">To read or to write.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="State">How it stands.</param>
/// <param name="CreatedAt">When it was asked.</param>
/// <param name="ExpiresAt">When the access that is asked for ends.</param>
/// <param name="Approvals">Approvals that were given so far.</param>
/// <param name="Decision">Who decided last; null while nobody has.</param>
public sealed record StoredAccessRequest(
    Guid Id,
    string PersonId,
    long ObjectId,
    AccessKind Access,
    string? Reason,
    AccessRequestState State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<ApproverPermission> Approvals,
    AccessDecision? Decision);

/// <summary>What somebody said to a request.</summary>
public sealed record AccessDecision(DateTimeOffset At, Actor By, string? Answer);

/// <summary>Subscriptions of single people, and requests for them.</summary>
public interface ISubscriptionStore
{
    /// <summary>Those of a connection's objects that have not expired.</summary>
    Task<IReadOnlyList<StoredSubscription>> OfConnectionAsync(Guid connectionId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Those of one object, expired ones included.</summary>
    Task<IReadOnlyList<StoredSubscription>> OfObjectAsync(long objectId, CancellationToken cancellationToken);

    /// <summary>One; null when there is none.</summary>
    Task<StoredSubscription?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The next moment at which one expires; null when none will.</summary>
    Task<DateTimeOffset?> NextExpiryAsync(DateTimeOffset after, CancellationToken cancellationToken);

    /// <summary>Adds one; one of the same person, object, kind and access takes the new expiry and reason.</summary>
    Task<StoredSubscription> PutAsync(StoredSubscription subscription, CancellationToken cancellationToken);

    /// <summary>Ends one; null when there is none.</summary>
    Task<StoredSubscription?> RemoveAsync(Guid id, Actor by, CancellationToken cancellationToken);

    /// <summary>Adds a request.</summary>
    Task AddRequestAsync(StoredAccessRequest request, CancellationToken cancellationToken);

    /// <summary>One request.</summary>
    Task<StoredAccessRequest?> FindRequestAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Requests, newest first: of one person, or all.</summary>
    Task<IReadOnlyList<StoredAccessRequest>> RequestsAsync(string? personId, AccessRequestState? state, CancellationToken cancellationToken);

    /// <summary>
    /// Records what was said to a pending request, with the subscription that comes of it in the same transaction; false when it is not pending any more.
    /// A request that still lacks approvals stays pending.
    /// </summary>
    Task<bool> DecideAsync(
        Guid requestId, AccessRequestState state, IReadOnlyList<ApproverPermission> approvals, Actor by, string? answer, StoredSubscription? subscription, CancellationToken cancellationToken);
}
