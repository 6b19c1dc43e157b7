using Sluice.Core.Catalog;
using Sluice.Platforms;
using Sluice.Storage.Catalog;

namespace Sluice.Engine.Crawling;

/// <summary>
/// Reads one unit of a crawl page by page, merges the pages into what is stored, and writes them with their checkpoint. Reading goes on while
/// pages are written; those that came meanwhile are written together.
/// </summary>
internal sealed class CrawlUnitRunner(ICatalogStore catalog, TimeProvider time)
{
    private const int ObjectsAhead = 1000;

    /// <summary>No more are written at once, however fast they come: what a stop loses, and the longest transaction, stay small.</summary>
    private const int PagesAtOnce = 16;

    public async Task RunAsync(
        Crawl crawl, StoredObject container, CrawlUnit unit, bool childrenOnly, Func<ObjectPath, bool> mayEnter, CancellationToken cancellationToken)
    {
        var scope = new CrawlScope
        {
            Container = container.Path,
            ChildrenOnly = childrenOnly,
            Enter = mayEnter,
            StampsAsync = catalog.StampsAsync,
            ListingsAsync = catalog.ListingsAsync,
            Cursor = unit.Cursor,
        };
        var pages = new PageQueue(ObjectsAhead);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reader = ReadAsync(crawl, scope, pages, reading.Token);
        var ended = false;
        try
        {
            ended = await WriteAsync(crawl, container, unit, pages);
        }
        finally
        {
            await reading.CancelAsync();
            await reader.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reader;
        if (!ended)
            throw new PlatformException(PlatformFailure.Unavailable, $"The listing of '{container.Path}' broke off before its last page.");
    }

    private static async Task ReadAsync(Crawl crawl, CrawlScope scope, PageQueue pages, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in crawl.Session.CrawlAsync(scope, cancellationToken)) await pages.AddAsync(page, cancellationToken);
        }
        finally
        {
            // What was read until then is still written; why it broke off is this task's to tell.
            pages.Complete();
        }
    }

    /// <summary>Writes until there are no more pages, also when the crawl is told to stop: what is in hand is not read again.</summary>
    /// <returns>Whether the last page came.</returns>
    private async Task<bool> WriteAsync(Crawl crawl, StoredObject container, CrawlUnit unit, PageQueue pages)
    {
        // A run from the first page meets everything anew; what an earlier one met says nothing about what is there now.
        var startsOver = unit.Cursor is null;
        var tree = await UnitTree.StartAsync(catalog, container, startsOver ? [] : unit.Seen, CancellationToken.None);
        var ended = false;
        while (await pages.WaitAsync(CancellationToken.None))
        {
            using var turn = await TurnAsync(crawl);
            var draft = new PageDraft();
            string? cursor = null;
            for (var count = 0; count < PagesAtOnce && pages.TryTake(out var page); count++)
            {
                draft.Warnings.AddRange(page.Warnings);
                await tree.MergeAsync(page, draft, CancellationToken.None);
                cursor = page.Cursor;
            }

            ended = cursor is null;

            // What waits for the end of its container is not stored yet: a restart has to read it again.
            var checkpoint = new CrawlWrite
            {
                JobId = crawl.Job.Id,
                UnitContainerId = unit.ContainerId,
                At = time.GetUtcNow(),
                StartsOver = startsOver,
                Cursor = tree.HoldsChanges ? null : cursor,
                IsDone = ended,
                Counts = draft.Counts,
            };
            await catalog.ApplyAsync(crawl.Fence, draft.Fill(checkpoint), CancellationToken.None);
            startsOver = false;
        }

        return ended;
    }

    private static async Task<Turn> TurnAsync(Crawl crawl)
    {
        await crawl.WriteTurn.WaitAsync(CancellationToken.None);
        return new Turn(crawl.WriteTurn);
    }

    private readonly struct Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
