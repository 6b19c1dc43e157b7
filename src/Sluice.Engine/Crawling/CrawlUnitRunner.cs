using Sluice.Core.Catalog;
using Sluice.Platforms;
using Sluice.Storage.Catalog;

namespace Sluice.Engine.Crawling;

/// <summary>Reads one unit of a crawl page by page, merges each into what is stored, and writes it with its checkpoint.</summary>
internal sealed class CrawlUnitRunner(ICatalogStore catalog, TimeProvider time)
{
    public async Task RunAsync(
        Crawl crawl, StoredObject container, CrawlUnit unit, bool childrenOnly, Func<ObjectPath, bool> mayEnter, CancellationToken cancellationToken)
    {
        // A run from the first page meets everything anew; what an earlier one met says nothing about what is there now.
        var startsOver = unit.Cursor is null;
        var tree = await UnitTree.StartAsync(catalog, container, startsOver ? [] : unit.Seen, cancellationToken);
        var scope = new CrawlScope { Container = container.Path, ChildrenOnly = childrenOnly, Enter = mayEnter, Cursor = unit.Cursor };
        var ended = false;
        await foreach (var page in crawl.Session.CrawlAsync(scope, cancellationToken))
        {
            crawl.Warnings.Add(page.Warnings);
            ended = page.Cursor is null;
            var write = await tree.MergeAsync(page, cancellationToken);

            // What waits for the end of its container is not stored yet: a restart has to read it again.
            var resume = tree.HoldsChanges ? null : page.Cursor;
            await catalog.ApplyAsync(
                crawl.Fence,
                write with
                {
                    JobId = crawl.Job.Id, UnitContainerId = unit.ContainerId, At = time.GetUtcNow(), StartsOver = startsOver, Cursor = resume, IsDone = ended,
                },
                cancellationToken);
            startsOver = false;
        }

        if (!ended)
            throw new PlatformException(PlatformFailure.Unavailable, $"The listing of '{container.Path}' broke off before its last page.");
    }
}
