using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Core.Audit;
using Sluice.Engine.Callers;
using Sluice.Storage.Audit;
using Sluice.Storage.Server;

namespace Sluice.Engine.Auditing;

/// <summary>
/// Signs the state of every stream that grew, sends it away, and deletes what is older than rows are kept. What it has seen in its own life it holds against the
/// database: a stream that is shorter than it was is an alarm at once.
/// </summary>
internal sealed partial class CheckpointKeeper(
    IAuditStore store,
    IAuditKeys keys,
    IEnumerable<ICheckpointSink> sinks,
    IServerLock server,
    TimeProvider time,
    IOptions<EngineOptions> options,
    ILogger<CheckpointKeeper> logger) : BackgroundService
{
    // Some hours of checkpoints of many streams; what is older is covered by what is newer.
    private const int MostWaiting = 10_000;

    private readonly Dictionary<AuditStream, AuditCheckpoint> _seen = [];
    private readonly HashSet<AuditStream> _alarmed = [];
    private readonly Dictionary<ICheckpointSink, Queue<AuditCheckpoint>> _waiting = [];

    private AuditOptions Audit => options.Value.Audit;

    /// <summary>Does what is due now.</summary>
    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var known in await store.LatestCheckpointsAsync(cancellationToken))
            if (!_seen.TryGetValue(known.Stream, out var seen) || seen.Sequence < known.Sequence) _seen[known.Stream] = known;
        foreach (var head in await store.HeadsAsync(cancellationToken))
        {
            var last = _seen.GetValueOrDefault(head.Stream);
            if (last is not null && head.Sequence < last.Sequence)
            {
                if (_alarmed.Add(head.Stream)) Log.Behind(logger, head.Stream.Name, head.Sequence, last.Sequence);
            }
            else if (IsDue(head, last, now)) await SignAsync(head, now, cancellationToken);

            if (Audit.Keep is { } keep) await PruneAsync(head, now - keep, cancellationToken);
        }

        foreach (var sink in sinks) await SendAsync(sink, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Audit.LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (server.IsHeld) await RunOnceAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // The database may be away for a while: it goes on, and says so.
                    Log.Failed(logger, e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private bool IsDue(AuditHead head, AuditCheckpoint? last, DateTimeOffset now)
    {
        var grown = head.Sequence - (last?.Sequence ?? 0);
        return grown >= Audit.CheckpointRows || (grown > 0 && (last is null || now - last.Time >= Audit.CheckpointEvery));
    }

    private async Task SignAsync(AuditHead head, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Another process may have rotated: the source is read again.
        await keys.AllAsync(cancellationToken);
        var checkpoint = AuditChain.Sign(await keys.CurrentAsync(cancellationToken), head, now);
        await store.AddCheckpointAsync(checkpoint, cancellationToken);
        _seen[head.Stream] = checkpoint;
        _alarmed.Remove(head.Stream);
        Log.Signed(logger, checkpoint.ToJson());
        foreach (var sink in sinks)
        {
            if (!_waiting.TryGetValue(sink, out var waiting)) _waiting[sink] = waiting = new Queue<AuditCheckpoint>();
            if (waiting.Count == MostWaiting) waiting.Dequeue();
            waiting.Enqueue(checkpoint);
        }
    }

    private async Task SendAsync(ICheckpointSink sink, CancellationToken cancellationToken)
    {
        if (!_waiting.TryGetValue(sink, out var waiting)) return;
        try
        {
            for (; waiting.Count > 0; waiting.Dequeue()) await sink.TakeAsync(waiting.Peek(), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotSent(logger, waiting.Count, e.Message);
        }
    }

    private async Task PruneAsync(AuditHead head, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var old = (await store.CheckpointsAsync(head.Stream, cancellationToken)).LastOrDefault(c => c.Time < before && c.Sequence <= head.Sequence);
        if (old is null || old.Sequence <= head.PrunedThrough) return;
        var by = Caller.System;
        await store.PruneAsync(
            old,
            new AuditEvent
            {
                Stream = head.Stream, Time = time.GetUtcNow(), ActorId = by.Id, ActorName = by.Name, Action = AuditAction.Pruned,
                Details = AuditDetails.Of(("through", old.Sequence), ("before", before)),
            },
            cancellationToken);
        Log.Pruned(logger, head.Stream.Name, old.Sequence);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2601, Level = LogLevel.Information, Message = "Audit checkpoint {Checkpoint}")]
        public static partial void Signed(ILogger logger, string checkpoint);

        [LoggerMessage(EventId = 2602, Level = LogLevel.Critical,
            Message = "The audit stream {Stream} ends with row {Last}, and row {Seen} was there: its tail was cut, or an older backup was put back. Run 'sluice audit verify'.")]
        public static partial void Behind(ILogger logger, string stream, long last, long seen);

        [LoggerMessage(EventId = 2603, Level = LogLevel.Warning, Message = "{Count} audit checkpoints could not be sent away and are tried again: {Reason}")]
        public static partial void NotSent(ILogger logger, int count, string reason);

        [LoggerMessage(EventId = 2604, Level = LogLevel.Information, Message = "Rows of the audit stream {Stream} up to {Sequence} were deleted for their age")]
        public static partial void Pruned(ILogger logger, string stream, long sequence);

        [LoggerMessage(EventId = 2605, Level = LogLevel.Error, Message = "Audit checkpoints could not be made; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
