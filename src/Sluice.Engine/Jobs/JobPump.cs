using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Server;

namespace Sluice.Engine.Jobs;

/// <summary>
/// Wakes the writers of connections that have jobs to run, jobs left over by a process that died included, and asks for the jobs whose time has
/// come. What changed here is looked for most often: somebody waits for it.
/// </summary>
internal sealed partial class JobPump(
    IConnectionStore connections,
    IJobStore jobs,
    ColumnChecks columnChecks,
    HealthChecks healthChecks,
    QueryAudits queryAudits,
    Reconciles reconciles,
    JobFactory factory,
    IConnectionWaker waker,
    IServerLock server,
    TimeProvider time,
    IOptions<EngineOptions> options,
    ILogger<JobPump> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (jobsEvery, changesEvery) = (options.Value.PollInterval, options.Value.ChangePollInterval);
        using var timer = new PeriodicTimer(changesEvery < jobsEvery ? changesEvery : jobsEvery, time);
        long? lookedAt = null;
        try
        {
            do
            {
                try
                {
                    if (!server.IsHeld) continue;
                    var looks = lookedAt is not { } last || time.GetElapsedTime(last) >= jobsEvery;
                    if (looks)
                    {
                        lookedAt = time.GetTimestamp();
                        await AddDueAsync(stoppingToken);
                    }

                    if (await reconciles.AddDueAsync(time.GetUtcNow(), stoppingToken) || looks) await WakeAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // The database may be away for a while: the pump goes on, and says so.
                    Log.Failed(logger, e);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task AddDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await jobs.SweepAsync(now, now - options.Value.KeepJobs, cancellationToken);
        foreach (var id in await connections.DueForSyncAsync(now, cancellationToken))
        {
            if (await connections.FindAsync(id, cancellationToken) is not { } connection) continue;
            Log.SyncDue(logger, connection.Key);
            var next = now + ConnectionUseCases.SettingsOf(connection).ObjectSyncEvery;
            await connections.ScheduleSyncAsync(id, next, factory.Crawl(id, new ObjectPath(connection.Key), Caller.System), cancellationToken);
        }

        var all = await connections.ListAsync(cancellationToken);
        await columnChecks.AddDueAsync(all, now, cancellationToken);
        await healthChecks.AddDueAsync(all, now, cancellationToken);
        await queryAudits.AddDueAsync(all, now, cancellationToken);
    }

    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        // The time of now: the jobs just added are due as well.
        foreach (var id in await jobs.RunnableConnectionsAsync(time.GetUtcNow(), cancellationToken)) await waker.WakeAsync(id);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "The object sync of connection '{Connection}' is due")]
        public static partial void SyncDue(ILogger logger, string connection);

        [LoggerMessage(EventId = 2302, Level = LogLevel.Error, Message = "Looking for due jobs failed; trying again at the next interval")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
