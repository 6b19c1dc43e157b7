using System.Collections.Concurrent;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Crawling;

/// <summary>A running crawl: what its units share.</summary>
internal sealed record Crawl(StoredConnection Connection, StoredJob Job, WriteFence Fence, IPlatformSession Session, WarningList Warnings);

/// <summary>Someone asked the job to stop.</summary>
internal sealed class JobCancelledException() : Exception("The job was asked to stop.");

/// <summary>The warnings of a crawl, each once, and no more than a person reads.</summary>
internal sealed class WarningList
{
    private const int Most = 100;
    private readonly ConcurrentDictionary<string, int> _order = new(StringComparer.Ordinal);

    /// <summary>All of them, in the order they came.</summary>
    public IReadOnlyList<string> All => [.. _order.OrderBy(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal).Select(w => w.Key)];

    public void Add(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings) _order.TryAdd(warning, _order.Count);
    }

    public IReadOnlyList<string> ToList()
    {
        var all = All;
        return all.Count <= Most ? all : [.. all.Take(Most), $"and {all.Count - Most} more"];
    }
}
