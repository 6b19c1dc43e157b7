using System.Threading.Channels;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>Reads one database's pages ahead of whoever takes them.</summary>
internal sealed class DatabaseReading(string database, int pagesAhead)
{
    private readonly Channel<CrawlPage> _pages =
        Channel.CreateBounded<CrawlPage>(new BoundedChannelOptions(pagesAhead) { SingleReader = true, SingleWriter = true });

    /// <summary>The database.</summary>
    public string Database => database;

    /// <summary>The pages, and in place of a page the failure that ends the crawl, which goes on there later.</summary>
    public ChannelReader<CrawlPage> Pages => _pages.Reader;

    /// <summary>Why this database alone is not read to its end; known after its last page.</summary>
    public PlatformException? Refusal { get; private set; }

    /// <summary>Ends when nothing is read any more; never fails.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Starts reading.</summary>
    public void Start(IAsyncEnumerable<CrawlPage> pages, CancellationToken cancellationToken) => Ended = Task.Run(
        async () =>
        {
            try
            {
                await foreach (var page in pages.WithCancellation(cancellationToken)) await _pages.Writer.WriteAsync(page, cancellationToken);
                _pages.Writer.Complete();
            }
            catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound or PlatformFailure.Refused)
            {
                // Dropped meanwhile, or closed to this role: the other databases go on.
                Refusal = e;
                _pages.Writer.Complete();
            }
            catch (Exception e)
            {
                _pages.Writer.Complete(e);
            }
        },
        CancellationToken.None);
}
