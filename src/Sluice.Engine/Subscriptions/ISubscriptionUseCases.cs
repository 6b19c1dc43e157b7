using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Storage.Subscriptions;

namespace Sluice.Engine.Subscriptions;

/// <summary>A subscription with its object and person by name.</summary>
public sealed record SubscriptionView(StoredSubscription Subscription, ObjectPath Path, string Username, bool IsExpired);

/// <summary>A request with its object and person by name.</summary>
public sealed record RequestView(StoredAccessRequest Request, ObjectPath Path, string Username);

/// <summary>Access of single people: given by hand, or asked for and approved.</summary>
public interface ISubscriptionUseCases
{
    /// <summary>An object's subscriptions.</summary>
    Task<IReadOnlyList<SubscriptionView>> ListAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken);

    /// <summary>Gives access by hand (<c>{user, access, expiresAt, reason}</c>).</summary>
    Task<SubscriptionView> GiveAsync(ObjectPath path, JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>Takes it back.</summary>
    Task<SubscriptionView> TakeAsync(Guid id, Caller caller, CancellationToken cancellationToken);

    /// <summary>Asks for access (<c>{objectPath, access, expiresAt, reason}</c>).</summary>
    Task<RequestView> RequestAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>The caller's own requests, and those the caller may decide.</summary>
    Task<IReadOnlyList<RequestView>> RequestsAsync(AccessRequestState? state, Caller caller, CancellationToken cancellationToken);

    /// <summary>Approves (<c>{expiresAt, answer}</c>), denies, or withdraws one's own.</summary>
    Task<RequestView> DecideAsync(Guid id, AccessRequestState state, JsonElement body, Caller caller, CancellationToken cancellationToken);
}
