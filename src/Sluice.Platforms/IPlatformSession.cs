namespace Sluice.Platforms;

/// <summary>
/// A logged-in connection, safe for concurrent calls; it lives for one registration, check or crawl and may keep what it read that long.
/// Every method throws <see cref="PlatformException"/> for what the platform answered, and retries what is worth retrying itself.
/// </summary>
public interface IPlatformSession : IAsyncDisposable
{
    /// <summary>Logs in and asks the platform what it is. The cheapest call that proves address and credentials.</summary>
    Task<PlatformIdentity> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>Checks what the service principal may do, each privilege named, the missing one with its remedy.</summary>
    Task<IReadOnlyList<Check>> CheckAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads a part of the catalog in pages. Restarting with the cursor of the last finished page goes on after it; a cursor the platform no
    /// longer takes makes it start the scope again.
    /// </summary>
    IAsyncEnumerable<CrawlPage> CrawlAsync(CrawlScope scope, CancellationToken cancellationToken);
}
