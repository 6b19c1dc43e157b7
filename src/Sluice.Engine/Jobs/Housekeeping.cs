using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Storage.History;
using Sluice.Storage.Plans;
using Sluice.Storage.QueryAudit;
using Sluice.Storage.Server;

namespace Sluice.Engine.Jobs;

/// <summary>Every hour: deletes plans and query events that are older than they are kept, and ends the history of connections that are gone.</summary>
internal sealed partial class Housekeeping(
    IPlanStore plans, IQueryAuditStore queries, IAccessHistory history, IServerLock server, TimeProvider time, IOptions<EngineOptions> options, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Does what is due now.</summary>
    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var pruned = await plans.PruneAsync(now - options.Value.KeepPlans, cancellationToken);
        if (pruned > 0) Log.Pruned(logger, pruned);
        await history.EndGoneAsync(now, cancellationToken);
        await PruneQueriesAsync(now, cancellationToken);
    }

    // Some at a time: whoever writes waits for a few of them, not for a night's worth.
    private async Task PruneQueriesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (before, most) = (now - options.Value.QueryAudit.Keep, options.Value.QueryAudit.PruneSize);
        var pruned = 0;
        for (var some = most; some == most;) pruned += some = await queries.PruneAsync(before, most, cancellationToken);
        if (pruned > 0) Log.QueriesPruned(logger, pruned);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
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

    private static partial class Log
    {
        [LoggerMessage(EventId = 2311, Level = LogLevel.Information, Message = "{Count} old plans were deleted; what they changed stays in the audit trail")]
        public static partial void Pruned(ILogger logger, int count);

        [LoggerMessage(EventId = 2313, Level = LogLevel.Information, Message = "{Count} old query events were deleted")]
        public static partial void QueriesPruned(ILogger logger, int count);

        [LoggerMessage(EventId = 2312, Level = LogLevel.Error, Message = "Old plans could not be deleted; trying again in an hour")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
