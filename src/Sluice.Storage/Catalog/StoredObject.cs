using Sluice.Core.Catalog;
using Sluice.Core.Connections;

namespace Sluice.Storage.Catalog;

/// <summary>A stored data object with what it inherits.</summary>
public sealed record StoredObject
{
    /// <summary>The row's id, unique over all connections, never used again.</summary>
    public required long Id { get; init; }

    /// <summary>The connection it belongs to.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>The row above; null for a connection's root.</summary>
    public required long? ParentId { get; init; }

    /// <summary>The ids from the root to this row, each followed by <c>/</c>: <c>12/345/</c>. Subtrees are ranges of it.</summary>
    public required string Lineage { get; init; }

    /// <summary>Its path, names in the platform's casing, the key as registered.</summary>
    public required ObjectPath Path { get; init; }

    /// <summary>The connection's platform.</summary>
    public required Technology Technology { get; init; }

    /// <summary>What it is.</summary>
    public required ObjectKind Kind { get; init; }

    /// <summary>The platform's own id.</summary>
    public string? NativeId { get; init; }

    /// <summary>The platform's comment.</summary>
    public string? Comment { get; init; }

    /// <summary>Whether the platform honours our grants on it.</summary>
    public Governance Governance { get; init; }

    /// <summary>The evidence, remedy or limit.</summary>
    public string? GovernanceReason { get; init; }

    /// <summary>How Sluice could grant on it; see <see cref="DiscoveredObject.GrantMethod"/>.</summary>
    public string? GrantMethod { get; init; }

    /// <summary>Its own overrides.</summary>
    public ObjectOverrides Overrides { get; init; } = ObjectOverrides.None;

    /// <summary>What holds for it: its own overrides, else the nearest above. <c>IsActive</c> is what was asked for, before governance.</summary>
    public ObjectOverrides Effective { get; init; } = ObjectOverrides.None;

    /// <summary>
    /// Who owns it: everybody who is named at it or at anything above it. Ownership adds up on the way down, for who may activate or crawl a
    /// container acts on all it holds.
    /// </summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>Which settings some object below it overrides.</summary>
    public DescendantOverrides Descendants { get; init; } = new(false, false, false);

    /// <summary>Whether it carries <c>Discovered.New</c>.</summary>
    public bool IsDiscoveredNew { get; init; }

    /// <summary>Since when finished crawls no longer find it.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>When a crawl first found it.</summary>
    public DateTimeOffset DiscoveredAt { get; init; }

    /// <summary>When the last finished crawl that covered it ended.</summary>
    public DateTimeOffset? LastCrawledAt { get; init; }

    /// <summary>Whether its connection accepts objects whose governance could not be read.</summary>
    public bool AcceptsUnknownGovernance { get; init; }

    /// <summary>Its connection's revision.</summary>
    public long ConnectionRevision { get; init; }

    /// <summary>How many direct children it has, missing ones included, replaced ones not.</summary>
    public long ChildCount { get; init; }
}

/// <summary>Settings of an object that override what lies above; null: no override.</summary>
/// <param name="IsActive">Whether it shall be active.</param>
/// <param name="ActivateNewChildren">What newly discovered children get.</param>
/// <param name="DataOwners">Who owns the data: ids of users or groups.</param>
public sealed record ObjectOverrides(bool? IsActive, bool? ActivateNewChildren, IReadOnlyList<string>? DataOwners)
{
    /// <summary>No override.</summary>
    public static readonly ObjectOverrides None = new(null, null, null);
}

/// <summary>Which settings are overridden somewhere below an object.</summary>
public sealed record DescendantOverrides(bool IsActive, bool ActivateNewChildren, bool DataOwners);

/// <summary>A stored column.</summary>
/// <param name="Position">From 0, in the platform's order.</param>
/// <param name="Column">What the platform says of it.</param>
/// <param name="IsDiscoveredNew">Whether it carries <c>Discovered.New</c>.</param>
public sealed record StoredColumn(int Position, DiscoveredColumn Column, bool IsDiscoveredNew);
