using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Core.Catalog;
using Sluice.Engine.Jobs;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Crawling;

/// <summary>
/// Runs one crawl job: lists the children of its container, then reads each of them as a unit of its own, several at once. Every page is
/// stored with its checkpoint, so that a restart goes on after the last one.
/// </summary>
internal sealed partial class CrawlRunner(
    SessionOpener sessions,
    ICatalogStore catalog,
    IJobStore jobs,
    CrawlUnitRunner units,
    IOptions<EngineOptions> options,
    ILogger<CrawlRunner> logger)
{
    /// <summary>Crawls. Throws <see cref="PlatformException"/>, <see cref="StaleWriterException"/> or cancellation; what was stored stays.</summary>
    public async Task<CrawlReport> RunAsync(StoredConnection connection, StoredJob job, WriteFence fence, CancellationToken cancellationToken)
    {
        var target = await catalog.FindAsync(job.Path, cancellationToken);
        if (target is null) return CrawlReport.Gone;

        await using var session = await sessions.OpenAsync(connection, cancellationToken);
        using var crawl = new Crawl(connection, job, fence, session);
        var isWhole = await ListAsync(crawl, target, cancellationToken);

        var all = await catalog.UnitsAsync(job.Id, cancellationToken);
        var total = all.Aggregate(CrawlCounts.Zero, (sum, unit) => sum + unit.Counts);
        var heldBack = await catalog.HeldBackAsync(target.Path, cancellationToken);
        var read = isWhole
            // Asked for anew: another row may have taken the name.
            ? await catalog.FindAsync(target.Path, cancellationToken) is { } scope ? [scope.Id] : []
            : all.Where(u => u.IsDone && u.ContainerId != target.Id).Select(u => u.ContainerId).ToList();
        Log.Finished(logger, connection.Key, target.Path, total);
        return new CrawlReport(total, heldBack, WarningsOf(all, crawl.Warnings), read);
    }

    // Those of units that an earlier run of the job finished come first.
    private static IReadOnlyList<string> WarningsOf(IReadOnlyList<CrawlUnit> units, WarningList ofThisRun)
    {
        var all = new WarningList();
        foreach (var unit in units) all.Add(unit.Warnings);
        all.Add(ofThisRun.All);
        return all.ToList();
    }

    // The target is a unit of its own. A connection's unit lists its databases alone, and each of those that may be entered is a unit too.
    // Returns whether all that was to be read was read.
    private async Task<bool> ListAsync(Crawl crawl, StoredObject target, CancellationToken cancellationToken)
    {
        var mayEnter = await EnterAsync(crawl, target, cancellationToken);
        var isRoot = target.ParentId is null;
        if (!isRoot && !mayEnter(target.Kind.IsReadable() ? target.Path.Parent! : target.Path))
        {
            crawl.Warnings.Add([$"'{target.Path}' is inactive and forceRecursiveCrawl is false, so it was not read."]);
            return false;
        }

        await catalog.AddUnitsAsync(crawl.Fence, crawl.Job.Id, [target.Id], cancellationToken);
        var first = (await catalog.UnitsAsync(crawl.Job.Id, cancellationToken)).Single(u => u.ContainerId == target.Id);
        if (!first.IsDone) await units.RunAsync(crawl, target, first, childrenOnly: isRoot, mayEnter, cancellationToken);
        if (!isRoot)
        {
            await jobs.ProgressAsync(crawl.Fence, crawl.Job.Id, 1, 1, cancellationToken);
            return true;
        }

        // What the first unit has just discovered decides what may be entered now.
        mayEnter = await EnterAsync(crawl, target, cancellationToken);
        var databases = await ChildrenAsync(target, mayEnter, cancellationToken);
        await catalog.AddUnitsAsync(crawl.Fence, crawl.Job.Id, [.. databases.Keys], cancellationToken);

        var all = await catalog.UnitsAsync(crawl.Job.Id, cancellationToken);
        var open = all.Where(u => !u.IsDone && databases.ContainsKey(u.ContainerId)).ToList();
        var finished = all.Count(u => u.IsDone);
        await jobs.ProgressAsync(crawl.Fence, crawl.Job.Id, finished, all.Count, cancellationToken);

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.CrawlConcurrency, CancellationToken = cancellationToken };
        var refusals = new ConcurrentBag<PlatformException>();
        await Parallel.ForEachAsync(open, parallel, async (unit, token) =>
        {
            try
            {
                await units.RunAsync(crawl, databases[unit.ContainerId], unit, childrenOnly: false, mayEnter, token);
            }
            catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound or PlatformFailure.Refused)
            {
                // One database that may not be read must not keep the others from being read. It is not complete, so nothing in it goes missing.
                refusals.Add(e);
                crawl.Warnings.Add([$"'{databases[unit.ContainerId].Path}' was not read: {e.Message}"]);
            }

            var cancelled = await jobs.ProgressAsync(crawl.Fence, crawl.Job.Id, Interlocked.Increment(ref finished), all.Count, token);
            if (cancelled) throw new JobCancelledException();
        });

        // What an earlier run of the job has read counts: only a crawl that could read nothing at all has failed.
        if (!refusals.IsEmpty && refusals.Count == databases.Count) throw refusals.First();
        return refusals.IsEmpty;
    }

    private async Task<Func<ObjectPath, bool>> EnterAsync(Crawl crawl, StoredObject target, CancellationToken cancellationToken)
    {
        if (crawl.Connection.Options.ForceRecursiveCrawl && crawl.Job.Type != JobTypes.ColumnCheck) return static _ => true;
        var root = new ObjectPath(target.Path.ConnectionKey);
        var enterable = await catalog.EnterableAsync(root, cancellationToken);
        return path => path.Equals(root) || enterable.Contains(path);
    }

    private async Task<IReadOnlyDictionary<long, StoredObject>> ChildrenAsync(
        StoredObject target, Func<ObjectPath, bool> mayEnter, CancellationToken cancellationToken)
    {
        const int pageSize = 1000;
        var result = new Dictionary<long, StoredObject>();
        string? last = null;
        while (true)
        {
            var page = await catalog.SearchAsync(new ObjectQuery { Parent = target.Path, After = last, Size = pageSize }, cancellationToken);
            foreach (var child in page.Hits)
            {
                // A link's content belongs to its target, which is crawled where it lies.
                if (child.MissingSince is null && child.Kind is ObjectKind.Database or ObjectKind.Schema && mayEnter(child.Path)) result[child.Id] = child;
            }

            if (page.Hits.Count < pageSize) return result;
            last = page.Hits[^1].Path.Name;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Crawl of '{Path}' on connection '{Connection}' finished: {Counts}")]
        public static partial void Finished(ILogger logger, string connection, ObjectPath path, CrawlCounts counts);
    }
}
