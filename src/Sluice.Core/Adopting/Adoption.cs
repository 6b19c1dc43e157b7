using Sluice.Core.Catalog;
using Sluice.Core.Policies;

namespace Sluice.Core.Adopting;

/// <summary>Access that somebody has on a platform by a grant to exactly them.</summary>
/// <param name="Object">On what.</param>
/// <param name="Access">To read, or to write.</param>
/// <param name="Identity">By which platform identity.</param>
public sealed record HeldAccess(ObjectPath Object, AccessKind Access, string Identity);

/// <summary>What is so on a platform and is not taken over by the drafts.</summary>
/// <param name="Object">On what.</param>
/// <param name="Identity">Whose it is; null where it is nobody's in particular.</param>
/// <param name="Text">What it is, in the platform's words.</param>
/// <param name="Why">Why it is not taken over, and what can be done.</param>
public sealed record LeftOver(ObjectPath Object, string? Identity, string Text, string Why);

/// <summary>People that have to be subscribed by hand, so that a draft of type manual keeps what they have.</summary>
/// <param name="PolicyKey">The draft.</param>
/// <param name="Access">To read, or to write.</param>
/// <param name="Usernames">Who; sorted.</param>
/// <param name="Objects">To each of these.</param>
public sealed record SubscriptionsToGive(string PolicyKey, AccessKind Access, ValueList<string> Usernames, ValueList<ObjectPath> Objects);

/// <summary>Drafts under which the people that have access by grants of their own keep exactly it.</summary>
/// <param name="Policies">Staged, by key.</param>
/// <param name="Subscriptions">What has to be given by hand besides.</param>
/// <param name="LeftOvers">What is not taken over.</param>
public sealed record Adoption(IReadOnlyList<Policy> Policies, IReadOnlyList<SubscriptionsToGive> Subscriptions, IReadOnlyList<LeftOver> LeftOvers);
