using Sluice.Core.Catalog;

namespace Sluice.Platforms;

/// <summary>A page of a crawl.</summary>
public sealed record CrawlPage
{
    /// <summary>
    /// What was found. A container comes before its children (or in the same page, ahead of them), and all its siblings and the completion of
    /// their parent come no later than that page: only then is it known whether a container is new, renamed or replaced.
    /// </summary>
    public required IReadOnlyList<DiscoveredObject> Objects { get; init; }

    /// <summary>
    /// Objects that are there, and that <see cref="CrawlScope.StampsAsync"/> knows with the stamp they have now: they were not read. They count as found.
    /// </summary>
    public IReadOnlyList<ObjectPath> Unchanged { get; init; } = [];

    /// <summary>
    /// Containers of <see cref="Completed"/> whose listing is the one that <see cref="CrawlScope.ListingsAsync"/> knows. Of their children only those without a
    /// change stamp were read, and are among the objects; the others are there as they were, and need not be named. All of such a container stands in one page.
    /// </summary>
    public IReadOnlyList<UnchangedListing> UnchangedListings { get; init; } = [];

    /// <summary>
    /// What the listings of containers of <see cref="Completed"/> were, to know them again: of those that were read or met whole since the first page, and
    /// whose children have a change stamp exactly where the listing tells when they were last changed.
    /// </summary>
    public IReadOnlyList<Listing> Listings { get; init; } = [];

    /// <summary>
    /// Containers whose direct children have now all been yielded, this page included. Only these may have children marked missing. A
    /// readable object read alone is in it too when it was looked for: absent from the objects, it is gone.
    /// </summary>
    public IReadOnlyList<ObjectPath> Completed { get; init; } = [];

    /// <summary>Opaque: where to go on after this page; null after the last page.</summary>
    public string? Cursor { get; init; }

    /// <summary>Things a person should know (a fallback taken, tags that could not be read); they go into the job's output, each once.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A container's listing.</summary>
/// <param name="Container">The container.</param>
/// <param name="Fingerprint">The digest of it.</param>
/// <param name="Count">How many children it has.</param>
public readonly record struct Listing(ObjectPath Container, UInt128 Fingerprint, int Count);

/// <summary>A container whose listing is the one that is stored.</summary>
/// <param name="Container">The container.</param>
/// <param name="Unread">How many of its children were not read.</param>
public readonly record struct UnchangedListing(ObjectPath Container, int Unread);
