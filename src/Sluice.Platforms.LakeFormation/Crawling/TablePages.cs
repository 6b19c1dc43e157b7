using System.Threading.Channels;
using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Crawling;

/// <summary>Reads one database's tables page by page, some pages ahead of whoever takes them.</summary>
internal sealed class TablePages(LakeCatalog catalog, DatabaseContext database)
{
    private readonly Channel<CrawlPage> _pages =
        Channel.CreateBounded<CrawlPage>(new BoundedChannelOptions(catalog.Limits.PagesAhead) { SingleReader = true, SingleWriter = true });

    /// <summary>The pages, and in place of a page the failure that kept it away.</summary>
    public ChannelReader<CrawlPage> Pages => _pages.Reader;

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
            catch (PlatformException e) when (e.Failure == PlatformFailure.AccessDenied || e.Code == AwsErrorCodes.EntityNotFound)
            {
                // Dropped meanwhile, or closed to this principal: nothing is said of its tables, and the other databases go on.
                await _pages.Writer.WriteAsync(Closed(e), cancellationToken);
                return;
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

    private CrawlPage Closed(PlatformException e) => new()
    {
        Objects = [],
        Cursor = new CrawlCursor(Database: database.Database.Name).ToString(),
        Warnings = [$"The tables of {database.Database.Name} could not be read. {e.Message}"],
    };

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
