namespace Sluice.Core.Connections;

/// <summary>How a connection is crawled (documented as <c>options</c>).</summary>
/// <param name="ForceRecursiveCrawl">
/// True (the default): everything is crawled, what lies under an inactive parent is inactive. False: only the connection's direct children,
/// active objects and ancestors of an active override are entered.
/// </param>
public sealed record CrawlOptions(bool ForceRecursiveCrawl = true);
