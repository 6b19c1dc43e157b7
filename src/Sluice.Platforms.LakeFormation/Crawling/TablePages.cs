using Sluice.Platforms.Http;
using System.Threading.Channels;
using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Crawling;

/// <summary>Reads one database's tables page by page, some pages ahead of whoever takes them.</summary>
internal sealed class TablePages(LakeCatalog catalog, DatabaseContext database)
{
    private readonly Channel<CrawlPage> _pages =
        Channel.CreateBounded<CrawlPage>(new BoundedChannelOptions(catalog.Limits.PagesAhead) { SingleReader = true, SingleWriter = true });

    /// <summary>The pages, and in place of a page the failure that ends the crawl, which goes on there later.</summary>
    public ChannelReader<CrawlPage> Pages => _pages.Reader;

    /// <summary>Why this database alone is not read to its end; known after its last page.</summary>
    public PlatformException? Refusal { get; private set; }

    /// <summary>Ends when nothing is read any more; never fails.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Starts reading.</summary>
    /// <param name="token">Where to go on; one that AWS no longer takes starts the database again.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public void Start(string? token, CancellationToken cancellationToken) => Ended = Task.Run(
        async () =>
        {
            try
            {
                await ReadAsync(token, cancellationToken);
                _pages.Writer.Complete();
            }
            catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound or PlatformFailure.Refused)
            {
                // Dropped meanwhile, closed to this principal, federated to a source that fails: the other databases go on.
                Refusal = e;
                _pages.Writer.Complete();
            }
            catch (Exception e)
            {
                _pages.Writer.Complete(e);
            }
        },
        CancellationToken.None);

    private async Task ReadAsync(string? token, CancellationToken cancellationToken)
    {
        var restarts = 0;
        var trail = new TokenTrail(catalog.Limits.PagesOfListing);
        while (true)
        {
            Page<GlueTable> page;
            try
            {
                page = await catalog.Glue.GetTablesAsync(database.Database.Name, token, cancellationToken);
            }
            catch (PlatformException e) when (token is not null && e.IsTokenRejected() && restarts < Paging.MaxRestarts)
            {
                restarts++;
                token = null;
                continue;
            }

            var next = trail.Follow(token, page.NextToken);
            await _pages.Writer.WriteAsync(
                new CrawlPage
                {
                    Objects = await ObjectsAsync(page.Items, cancellationToken),
                    Completed = next is null ? [database.Path] : [],
                    Cursor = new CrawlCursor(Database: database.Database.Name, Token: next).ToString(),
                },
                cancellationToken);
            if (next is null) return;
            token = next;
        }
    }

    private async Task<IReadOnlyList<DiscoveredObject>> ObjectsAsync(IReadOnlyList<GlueTable> tables, CancellationToken cancellationToken)
    {
        var asked = await Task.WhenAll(tables.Select(t => catalog.AskIfNeededAsync(database, t, cancellationToken)));
        var objects = new DiscoveredObject[tables.Count];
        for (var i = 0; i < objects.Length; i++)
        {
            objects[i] = database.ToObject(tables[i], asked[i]);

            // Digested here, on this database's own task, and not where all pages meet.
            _ = objects[i].Fingerprint;
        }

        return objects;
    }
}
