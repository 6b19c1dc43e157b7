using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Catalog.Merge;

/// <summary>How a crawl happens to read a container: order, page size, pages it reads again, pages after which it dies and is restarted.</summary>
/// <param name="Order">Shuffles the listing.</param>
/// <param name="PageSize">At least 1.</param>
/// <param name="Again">The page numbers (modulo the count) that are read once more, right after all others were.</param>
/// <param name="DiesAfter">The page numbers after which the merge is lost.</param>
/// <param name="KeepsSeen">Whether a restart from the first page is told what had been seen before.</param>
internal sealed record CrawlPlan(int[] Order, int PageSize, int[] Again, int[] DiesAfter, bool KeepsSeen)
{
    internal static readonly CrawlPlan Plain = new([0], 100, [], [], false);

    internal IReadOnlyList<RemoteTable[]> Pages(IReadOnlyList<RemoteTable> tables)
    {
        var shuffled = tables.Select((t, i) => (t, Key: Order[i % Order.Length])).OrderBy(p => p.Key).Select(p => p.t);
        var pages = shuffled.Chunk(PageSize).ToList();
        if (pages.Count == 0) return pages;
        var again = Again.Select(i => pages[i % pages.Count]).ToList();
        return [.. pages, .. again];
    }
}

/// <summary>Runs the merge against the naive store as the engine does: page by page, each page one write.</summary>
internal static class Crawl
{
    // Incremental: what is listed with the stored stamp is not read.
    internal static NaiveStore Run(NaiveStore stored, IReadOnlyList<RemoteTable> tables, CrawlPlan plan, bool isIncremental = false)
    {
        var store = stored.Copy();
        var stamps = isIncremental ? stored.Present.ToDictionary(r => r.Table.Name, r => r.Table.Stamp) : [];
        var pages = plan.Pages(tables);
        var merge = new ContainerMerge(store.Known());
        var seen = new HashSet<long>();
        var deaths = plan.DiesAfter.ToHashSet();
        for (var page = 0; page < pages.Count; page++)
        {
            MergePage(store, merge, pages[page], seen, stamps);
            if (!deaths.Remove(page)) continue;
            var goesOn = !merge.HoldsChanges;
            merge = new ContainerMerge(store.Known());
            if (goesOn || plan.KeepsSeen) merge.MarkSeen(seen);
            else seen.Clear();
            if (!goesOn) page = -1;
        }

        store.Apply(merge.Complete());
        return store;
    }

    internal static void MergePage(
        NaiveStore store, ContainerMerge merge, IEnumerable<RemoteTable> page, HashSet<long> seen, IReadOnlyDictionary<string, UInt128>? stamps = null)
    {
        var changes = new List<CatalogChange>();
        var met = new HashSet<long>();
        foreach (var table in page)
        {
            var found = table.Discovered();
            if (stamps?.TryGetValue(table.Name, out var stamp) == true && stamp == table.Stamp) met.Add(merge.MeetUnchanged(table.Name).ShouldNotBeNull());
            else if (merge.Merge(found) is { } change) changes.Add(change);
            else if (merge.IdOf(found) is { } id) met.Add(id);
        }

        changes.OfType<CatalogChange.MarkMissing>().ShouldBeEmpty("a page marked something missing");
        met.UnionWith(changes.OfType<CatalogChange.Update>().Select(u => u.Id));
        met.IsSubsetOf(merge.Seen).ShouldBeTrue("a row was told to be met that was not");
        seen.UnionWith(met);
        merge.Seen.Except(seen).ShouldBeEmpty("a row was met and not told");
        seen.UnionWith(store.Apply(changes));
    }
}
