using Sluice.Core.Policies;
using Sluice.Engine.Subscriptions;

namespace Sluice.Server.Subscriptions;

/// <summary>Access of one person to one object.</summary>
internal sealed record SubscriptionAnswer(
    Guid Id, IReadOnlyList<string> ObjectPath, string User, string Kind, string Access, string? Reason, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, bool Expired)
{
    public static SubscriptionAnswer Of(SubscriptionView view) => new(
        view.Subscription.Id, view.Path.Names, view.Username, view.Subscription.Kind.ToString().ToLowerInvariant(), Spelled(view.Subscription.Access),
        view.Subscription.Reason, view.Subscription.CreatedAt, view.Subscription.CreatedBy.Name, view.Subscription.ExpiresAt, view.IsExpired);

    public static string Spelled(AccessKind access) => access == AccessKind.Write ? "WRITE" : "READ";
}

/// <summary>A request for access.</summary>
internal sealed record AccessRequestAnswer(
    Guid Id, IReadOnlyList<string> ObjectPath, string User, string Access, string? Reason, string State, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    IReadOnlyList<string> Approvals, DateTimeOffset? DecidedAt, string? DecidedBy, string? Answer)
{
    public static AccessRequestAnswer Of(RequestView view) => new(
        view.Request.Id, view.Path.Names, view.Username, SubscriptionAnswer.Spelled(view.Request.Access), view.Request.Reason,
        view.Request.State.ToString().ToLowerInvariant(), view.Request.CreatedAt, view.Request.ExpiresAt,
        [.. view.Request.Approvals.Select(static a => a.ToString().ToUpperInvariant())],
        view.Request.Decision?.At, view.Request.Decision?.By.Name, view.Request.Decision?.Answer);
}
