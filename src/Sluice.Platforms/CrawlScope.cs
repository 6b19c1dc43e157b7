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

    /// <summary>The cursor of the last page that was stored, to go on after it.</summary>
    public string? Cursor { get; init; }
}
