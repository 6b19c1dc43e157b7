using System.Collections.Concurrent;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Crawling;

/// <summary>A running crawl: what its units share.</summary>
internal sealed class Crawl(StoredConnection connection, StoredJob job, WriteFence fence, IPlatformSession session) : IDisposable
{
    public StoredConnection Connection => connection;

    public StoredJob Job => job;

    public WriteFence Fence => fence;

    public IPlatformSession Session => session;

    public WarningList Warnings { get; } = new();

    /// <summary>
    /// The turn to write. The writers of a connection can only write one after the other; a unit that waits here, and not with a write in its hands,
    /// writes the pages that came meanwhile together.
    /// </summary>
    public SemaphoreSlim WriteTurn { get; } = new(1, 1);

    public void Dispose() => WriteTurn.Dispose();
}

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
