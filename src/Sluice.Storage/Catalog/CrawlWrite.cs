using Sluice.Core.Catalog;

namespace Sluice.Storage.Catalog;

/// <summary>A part of a crawl that runs, and restarts, by itself: a container and what lies below it.</summary>
/// <param name="ContainerId">The container's row.</param>
/// <param name="Cursor">Where to go on; null: from the first page.</param>
/// <param name="Seen">The rows met so far.</param>
/// <param name="IsDone">Whether it was read to its end.</param>
/// <param name="Counts">What it did so far.</param>
/// <param name="Warnings">What people should know of it so far.</param>
public sealed record CrawlUnit(long ContainerId, string? Cursor, IReadOnlyList<long> Seen, bool IsDone, CrawlCounts Counts, IReadOnlyList<string> Warnings);

/// <summary>What a crawl did.</summary>
public sealed record CrawlCounts(long Found, long Added, long Updated, long Renamed, long Reappeared, long Missing)
{
    /// <summary>Nothing.</summary>
    public static readonly CrawlCounts Zero = new(0, 0, 0, 0, 0, 0);

    /// <summary>The sum.</summary>
    public static CrawlCounts operator +(CrawlCounts a, CrawlCounts b) => new(
        a.Found + b.Found, a.Added + b.Added, a.Updated + b.Updated, a.Renamed + b.Renamed, a.Reappeared + b.Reappeared, a.Missing + b.Missing);
}

/// <summary>A new row. Its override is decided by the store in the same transaction: <see cref="Activation.OverrideOfNewChild"/> of the
/// parent's chain, or a copy of the replaced row's overrides.</summary>
/// <param name="Id">Reserved.</param>
/// <param name="ParentId">The row above, stored or earlier in the same write.</param>
/// <param name="Lineage">The parent's lineage and this id.</param>
/// <param name="Found">What was found.</param>
/// <param name="Replaces">The row whose name it takes: that one becomes missing and replaced.</param>
public sealed record ObjectInsert(long Id, long ParentId, string Lineage, DiscoveredObject Found, long? Replaces);

/// <summary>The listing of a container's children, all of which are stored as it told them.</summary>
/// <param name="ContainerId">The container's row.</param>
/// <param name="Fingerprint">The digest of the listing.</param>
/// <param name="Count">How many children it has.</param>
public readonly record struct ContainerListing(long ContainerId, UInt128 Fingerprint, int Count);

/// <summary>One page's worth of a crawl.</summary>
public sealed record CrawlWrite
{
    /// <summary>The job.</summary>
    public required Guid JobId { get; init; }

    /// <summary>The unit.</summary>
    public required long UnitContainerId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>New rows, parents first. All of them carry <c>Discovered.New</c> when they are readable.</summary>
    public IReadOnlyList<ObjectInsert> Inserts { get; init; } = [];

    /// <summary>
    /// Changed rows. Content: kind, comment, governance, native id, columns (new or retyped ones get <c>Discovered.New</c>, renamed ones keep
    /// it) and tags are replaced. Renamed: takes the name; a missing row that holds it becomes replaced; all names are freed before any is
    /// taken, so that two may swap. Reappeared: no longer missing, no longer replaced.
    /// </summary>
    public IReadOnlyList<CatalogChange.Update> Updates { get; init; } = [];

    /// <summary>Rows a finished container no longer has. Everything below a row marked missing is marked missing too.</summary>
    public IReadOnlyList<long> Missing { get; init; } = [];

    /// <summary>What the listings of finished containers were; written where as many children are there. Any other write of a child takes its container's away.</summary>
    public IReadOnlyList<ContainerListing> Listings { get; init; } = [];

    /// <summary>Rows met on this page, added ones included; appended to the unit's.</summary>
    public IReadOnlyList<long> Seen { get; init; } = [];

    /// <summary>What people should know of this page; appended to the unit's.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// Whether this is the first page of a run that began without a cursor: what an earlier run had met and found counts no more, or a table that was
    /// dropped between the two would pass for seen.
    /// </summary>
    public bool StartsOver { get; init; }

    /// <summary>Where a restart goes on; null with <see cref="IsDone"/> false: from the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether the unit is done.</summary>
    public bool IsDone { get; init; }

    /// <summary>What this page did.</summary>
    public required CrawlCounts Counts { get; init; }
}
