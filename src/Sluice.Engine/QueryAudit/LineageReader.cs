using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.DataLineage;

namespace Sluice.Engine.QueryAudit;

/// <summary>Takes from a platform where data went, and carries tags along.</summary>
internal sealed partial class LineageReader(ILineageStore store, ILogger<LineageReader> logger)
{
    private const int Shown = 20;

    private readonly ConcurrentDictionary<Guid, string> _told = new();

    /// <summary>Takes a window. An edge that is seen again is the same edge, so nothing but the cursor is remembered.</summary>
    /// <returns>How many edges were seen.</returns>
    public async Task<int> TakeAsync(
        StoredConnection connection, WriteFence fence, IReadsLineage reader, QueryAuditSource source, FeedCursor cursor, FeedWindow window, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var seen in reader.ReadLineageAsync(connection.Key, source, window, cancellationToken))
        {
            if (seen.Count == 0) continue;
            count += seen.Count;
            await store.RecordAsync(fence, source.Name, seen, cursor, cancellationToken);
        }

        await store.RecordAsync(fence, source.Name, [], cursor.After(window, source.Timing), cancellationToken);
        return count;
    }

    /// <summary>Carries the tags of a connection anew, where data went anywhere; none where its lineage is switched off.</summary>
    /// <returns>The tags that came round a cycle.</returns>
    public async Task<IReadOnlyList<SuspendedTag>> CarryAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        var (changed, suspended) = await store.CarryAsync(connection.Id, QueryAuditSwitch.CarriesTags(connection.IntegrationJson), cancellationToken);
        if (changed) Log.Carried(logger, connection.Key);
        Tell(connection, suspended);
        return suspended;
    }

    // A cycle may close where every tag is already: it is told for itself, and once.
    private void Tell(StoredConnection connection, IReadOnlyList<SuspendedTag> suspended)
    {
        var all = string.Join("; ", suspended.Select(Text));
        if (_told.TryGetValue(connection.Id, out var before) ? before == all : all.Length == 0) return;
        _told[connection.Id] = all;
        if (suspended.Count > 0) Log.Suspended(logger, connection.Key, suspended.Count, string.Join("; ", suspended.Take(Shown).Select(Text)));
    }

    private static string Text(SuspendedTag each) => $"{each.Tag} of {each.Origin} came back by {each.By}";

    private static partial class Log
    {
        [LoggerMessage(EventId = 2641, Level = LogLevel.Information, Message = "Lineage carries other tags than before on connection '{Connection}'")]
        public static partial void Carried(ILogger logger, string connection);

        [LoggerMessage(EventId = 2642, Level = LogLevel.Warning, Message = "Data went round in circles on connection '{Connection}'; {Count} tags are not carried on where they were given: {Suspended}")]
        public static partial void Suspended(ILogger logger, string connection, int count, string suspended);
    }
}
