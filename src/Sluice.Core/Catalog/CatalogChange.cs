namespace Sluice.Core.Catalog;

/// <summary>One change that a crawl makes to the stored tree.</summary>
public abstract record CatalogChange
{
    private CatalogChange() { }

    /// <summary>
    /// A new object. When it took the name of another (<paramref name="Replaces"/>: same name, other native id), it inherits that one's
    /// overrides and tags, and the old row stays as replaced.
    /// </summary>
    public sealed record Add(DiscoveredObject Found, long? Replaces = null) : CatalogChange;

    /// <summary>
    /// The same object with new content, a new name (a rename keeps everything), or back again after it was missing; what it is, is told by
    /// the flags. Without any of them only its change stamp is new.
    /// </summary>
    public sealed record Update(long Id, DiscoveredObject Found, bool ContentChanged, bool Renamed, bool Reappeared) : CatalogChange;

    /// <summary>A finished crawl of its container did not find it: it keeps its row, overrides and history.</summary>
    public sealed record MarkMissing(long Id) : CatalogChange;
}
