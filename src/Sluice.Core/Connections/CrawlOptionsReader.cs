using Sluice.Core.Payloads;

namespace Sluice.Core.Connections;

/// <summary>Reads <c>options</c> of a connection payload. Problems go to the payload's list, all of them.</summary>
public static class CrawlOptionsReader
{
    /// <summary>Reads options, unknown members rejected by name.</summary>
    /// <param name="options">The payload's <c>options</c>; null when it has none.</param>
    /// <param name="stored">On an update, what is stored: absent members keep its values. Null on a registration: they get their defaults.</param>
    /// <returns>The options; to be used only when the payload's list of problems stayed empty.</returns>
    public static CrawlOptions Read(PayloadObject? options, CrawlOptions? stored = null)
    {
        var before = stored ?? new CrawlOptions();
        if (options is null) return before;
        var after = before with { ForceRecursiveCrawl = options.OptionalBoolean("forceRecursiveCrawl") ?? before.ForceRecursiveCrawl };
        options.RejectUnread();
        return after;
    }
}
