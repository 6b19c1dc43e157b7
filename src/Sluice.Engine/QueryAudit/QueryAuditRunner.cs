using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.QueryAudit;

namespace Sluice.Engine.QueryAudit;

/// <summary>What a reading of the query audit did.</summary>
/// <param name="Taken">New events by source; of lineage, edges that were seen.</param>
/// <param name="MadeWay">Whether it stopped to let others run, with more to read.</param>
internal sealed record QueryAuditReport(IReadOnlyDictionary<string, int> Taken, bool MadeWay)
{
    private const int Shown = 100;

    /// <summary>Tags whose data came back to where they were given, and that are not carried on there.</summary>
    public IReadOnlyList<SuspendedTag> Suspended { get; init; } = [];

    /// <summary>The job's output.</summary>
    public string ToJson()
    {
        var taken = new JsonObject();
        foreach (var (source, count) in Taken.OrderBy(static t => t.Key, StringComparer.Ordinal)) taken[source] = count;
        var output = new JsonObject { ["taken"] = taken, ["madeWay"] = MadeWay };
        if (Suspended.Count > 0)
            output["suspended"] = new JsonArray([.. Suspended.Take(Shown).Select(static s => new JsonObject { ["tag"] = s.Tag, ["of"] = s.Origin.ToString(), ["by"] = s.By.ToString() })]);
        return output.ToJsonString();
    }
}

/// <summary>
/// Takes from a platform who queried what. Events and how far they are taken are stored together, page by page, so that whatever ends a reading loses none and
/// doubles none: what was read again is known by its id.
/// </summary>
internal sealed class QueryAuditRunner(
    SessionOpener sessions, IQueryAuditStore store, QueryAttribution attribution, LineageReader lineage, TimeProvider time, IOptions<EngineOptions> options)
{
    private readonly QueryAuditOptions _options = options.Value.QueryAudit;

    /// <summary>Reads every source of a connection up to now.</summary>
    public async Task<QueryAuditReport> RunAsync(StoredConnection connection, WriteFence fence, CancellationToken cancellationToken)
    {
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var session = await sessions.OpenAsync(connection, cancellationToken);
        var began = time.GetTimestamp();
        var isDone = true;
        IReadOnlyList<SuspendedTag> suspended = [];
        if (session is IReadsQueryAudit reader && _options.Keep > TimeSpan.Zero)
        {
            foreach (var source in reader.AuditSources)
            {
                var reading = new Reading(connection, fence, reader, source);
                isDone = isDone && await ReadAsync(connection, source, Since(connection), began, taken, (cursor, window) => TakeAsync(reading, cursor, window, cancellationToken), cancellationToken);
            }
        }

        if (session is IReadsLineage edges)
        {
            foreach (var source in edges.LineageSources)
            {
                isDone = isDone && await ReadAsync(
                    connection, source, time.GetUtcNow() - _options.LineageOf, began, taken, (cursor, window) => lineage.TakeAsync(connection, fence, edges, source, cursor, window, cancellationToken), cancellationToken);
            }

            suspended = await lineage.CarryAsync(connection, cancellationToken);
        }

        return new QueryAuditReport(taken, MadeWay: !isDone) { Suspended = suspended };
    }

    // Stretch by stretch up to now; false when it is time for others, with more to read.
    private async Task<bool> ReadAsync(
        StoredConnection connection, QueryAuditSource source, DateTimeOffset since, long began, Dictionary<string, int> taken, Func<FeedCursor, FeedWindow, Task<int>> take, CancellationToken cancellationToken)
    {
        taken[source.Name] = 0;
        while (true)
        {
            var now = time.GetUtcNow();
            var cursor = await store.CursorAsync(connection.Id, source.Name, cancellationToken) ?? FeedCursor.StartingAt(since);
            var window = cursor.Next(source.Timing, now);
            if (window.IsEmpty) return true;
            taken[source.Name] += await take(cursor, window);
            if (window.IsLast) return true;
            if (time.GetElapsedTime(began) >= _options.MakeWayAfter) return false;
        }
    }

    // What was run before the connection was registered is nobody's here, and what is too old to be kept is not read.
    private DateTimeOffset Since(StoredConnection connection)
    {
        var oldest = time.GetUtcNow() - _options.Keep;
        return connection.CreatedAt > oldest ? connection.CreatedAt : oldest;
    }

    private async Task<int> TakeAsync(Reading reading, FeedCursor cursor, FeedWindow window, CancellationToken cancellationToken)
    {
        var count = 0;
        var page = new List<QueryEvent>();
        await foreach (var arrived in reading.Reader.ReadQueriesAsync(reading.Connection.Key, reading.Source, window, cancellationToken))
        {
            foreach (var each in arrived)
            {
                page.Add(each);
                if (page.Count < _options.PageSize) continue;
                count += await StoreAsync(reading, window, page, cursor, cancellationToken);
                page.Clear();
            }
        }

        // The last page takes the cursor along: only now is it known that the window was read to its end.
        return count + await StoreAsync(reading, window, page, cursor.After(window, reading.Source.Timing), cancellationToken);
    }

    private async Task<int> StoreAsync(Reading reading, FeedWindow window, List<QueryEvent> page, FeedCursor cursor, CancellationToken cancellationToken)
    {
        var (connection, source) = (reading.Connection, reading.Source);
        var known = await store.TakenAsync(connection.Id, source.Name, [.. page.Select(static e => e.EventId)], cancellationToken);
        await GrowAsync(reading, [.. page.Where(e => e.ComesInPieces && e.Objects.Count > 0 && known.Contains(e.EventId))], cancellationToken);
        var fresh = FeedCursor.Take(window, source.Timing, page, known.Contains);
        var attributed = await attribution.OfAsync(connection, [.. fresh.Select(Allowed)], reading.Known, cancellationToken);
        await store.RecordAsync(reading.Fence, connection.Key, source.Name, attributed, cursor, cancellationToken);
        return attributed.Count;
    }

    // Before the cursor moves on: what was taken in pieces is shown again until then.
    private async Task GrowAsync(Reading reading, IReadOnlyList<QueryEvent> again, CancellationToken cancellationToken)
    {
        if (again.Count == 0) return;
        var (connection, source) = (reading.Connection, reading.Source);
        var taken = await store.ObjectsAsync(connection.Id, source.Name, [.. again.Select(static e => e.EventId)], cancellationToken);
        var grown = again.Select(e => e with { Objects = ObjectPieces.New(e.Objects, taken.GetValueOrDefault(e.EventId) ?? []) }).Where(static e => e.Objects.Count > 0).ToList();
        if (grown.Count == 0) return;
        await store.GrowAsync(reading.Fence, source.Name, await attribution.OfAsync(connection, grown, reading.Known, cancellationToken), cancellationToken);
    }

    private QueryEvent Allowed(QueryEvent each) => _options.KeepsText ? each : each with { Text = null };

    private sealed record Reading(StoredConnection Connection, WriteFence Fence, IReadsQueryAudit Reader, QueryAuditSource Source)
    {
        /// <summary>What was looked up on the way.</summary>
        public KnownOnTheWay Known { get; } = new();
    }
}
