using Sluice.Core.Access;

namespace Sluice.Storage.Catalog;

/// <summary>An active object as policies see it.</summary>
/// <param name="Id">The row.</param>
/// <param name="Object">With its tags, those given here and the platform's.</param>
/// <param name="NativeId">The platform's own id.</param>
/// <param name="GrantMethod">How Sluice can grant on it; see <see cref="Core.Catalog.DiscoveredObject.GrantMethod"/>.</param>
public sealed record StoredGovernedObject(long Id, GovernedObject Object, string? NativeId, string? GrantMethod);
