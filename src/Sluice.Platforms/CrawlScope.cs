using Sluice.Core.Catalog;

namespace Sluice.Platforms;

/// <summary>What part of a catalog to read.</summary>
public sealed record CrawlScope
{
    /// <summary>The object to read below: the connection itself, a database, a schema; or a readable object, which is then read alone.</summary>
    public required ObjectPath Container { get; init; }

    /// <summary>Whether only the direct children are wanted (true) or everything below.</summary>
    public bool ChildrenOnly { get; init; }

    /// <summary>Which containers below may be entered; asked before their children are listed. Default: all.</summary>
    public Func<ObjectPath, bool> Enter { get; init; } = static _ => true;

    /// <summary>
    /// The stored digests of what a container's children were listed with, by the children's names, those that are missing left out; see
    /// <see cref="CrawlPage.Listings"/>. Default: none are known.
    /// </summary>
    public Func<ObjectPath, CancellationToken, Task<IReadOnlyDictionary<string, UInt128>>> ListingsAsync { get; init; } = static (_, _) => None;

    /// <summary>
    /// The stored change stamps of a container's children by their names, those that are missing left out; see <see cref="DiscoveredObject.ChangeStamp"/>. A
    /// child that the platform lists with the same stamp may go into <see cref="CrawlPage.Unchanged"/> in place of being read. Default: none are known.
    /// </summary>
    public Func<ObjectPath, CancellationToken, Task<IReadOnlyDictionary<string, UInt128>>> StampsAsync { get; init; } = static (_, _) => None;

    private static readonly Task<IReadOnlyDictionary<string, UInt128>> None = Task.FromResult<IReadOnlyDictionary<string, UInt128>>(
        System.Collections.Frozen.FrozenDictionary<string, UInt128>.Empty);

    /// <summary>The cursor of the last page that was stored, to go on after it.</summary>
    public string? Cursor { get; init; }
}
