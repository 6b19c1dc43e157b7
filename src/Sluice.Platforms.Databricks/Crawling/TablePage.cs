using Sluice.Core.Catalog;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>Tables of a catalog's schemas, and the schemas that end with them.</summary>
/// <param name="Objects">The tables.</param>
/// <param name="Completed">The names of schemas whose tables have now all been yielded.</param>
/// <param name="At">Where to go on after it: schema, table or token, and whether the schema ended.</param>
/// <param name="Warnings">What a person should know.</param>
internal sealed record TablePage(IReadOnlyList<DiscoveredObject> Objects, IReadOnlyList<string> Completed, CrawlCursor At, IReadOnlyList<string> Warnings)
{
    /// <summary>Tables that are as they were, and were not read.</summary>
    public IReadOnlyList<ObjectPath> Unchanged { get; init; } = [];

    /// <summary>See <see cref="CrawlPage.UnchangedListings"/>.</summary>
    public IReadOnlyList<UnchangedListing> UnchangedListings { get; init; } = [];

    /// <summary>See <see cref="CrawlPage.Listings"/>.</summary>
    public IReadOnlyList<Listing> Listings { get; init; } = [];
}

/// <summary>A way to read the tables of a catalog.</summary>
internal interface ITableSource
{
    /// <summary>Reads the tables of schemas in the order of the schemas.</summary>
    /// <param name="catalog">The catalog and where it stands.</param>
    /// <param name="schemas">The names of the schemas, in <see cref="NameOrder"/>.</param>
    /// <param name="from">Where to go on; null for the first.</param>
    /// <param name="scope">What is known of them.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<TablePage> ReadAsync(
        CatalogContext catalog, IReadOnlyList<string> schemas, CrawlCursor? from, CrawlScope scope, CancellationToken cancellationToken);

    /// <summary>Reads one table; null when it is not there.</summary>
    Task<DiscoveredObject?> FindAsync(CatalogContext catalog, string schema, string table, CancellationToken cancellationToken);
}
