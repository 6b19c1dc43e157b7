using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;

namespace Sluice.Engine.Crawling;

/// <summary>What one write to the store gathers from the pages of a crawl.</summary>
internal sealed class PageDraft
{
    // What is kept for a restart; a person reads no more.
    private const int MostWarnings = 100;

    public long Found { get; set; }

    public List<string> Warnings { get; } = [];

    public List<ObjectInsert> Inserts { get; } = [];

    public List<CatalogChange.Update> Updates { get; } = [];

    public List<long> Missing { get; } = [];

    public List<long> Seen { get; } = [];

    public List<ContainerListing> Listings { get; } = [];

    public CrawlCounts Counts => new(
        Found, Inserts.Count, Updates.Count(u => u.ContentChanged), Updates.Count(u => u.Renamed), Updates.Count(u => u.Reappeared), Missing.Count);

    public CrawlWrite Fill(CrawlWrite checkpoint) =>
        checkpoint with { Inserts = Inserts, Updates = Updates, Missing = Missing, Seen = Seen, Listings = Listings, Warnings = [.. Warnings.Distinct(StringComparer.Ordinal).Take(MostWarnings)] };
}
