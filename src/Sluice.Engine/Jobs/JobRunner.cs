using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Engine.Connections;
using Sluice.Engine.Callers;
using Sluice.Engine.Crawling;
using Sluice.Engine.Enforcing;
using Sluice.Engine.QueryAudit;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Vault;

namespace Sluice.Engine.Jobs;

/// <summary>Runs one job and records how it ended: completed, cancelled, put back for another try, or failed.</summary>
internal sealed partial class JobRunner(
    IConnectionStore connections,
    IJobStore jobs,
    CrawlRunner crawls,
    HealthCheck health,
    ReconcileRunner reconciles,
    RestoreRunner restores,
    CleanupRunner cleanups,
    QueryAuditRunner audits,
    JobFactory factory,
    TimeProvider time,
    IOptions<EngineOptions> options,
    ILogger<JobRunner> logger)
{
    /// <summary>Runs the job.</summary>
    /// <param name="job">Claimed under the fence.</param>
    /// <param name="fence">The worker's lease.</param>
    /// <param name="cancelled">Ends the job; also set by <paramref name="stopping"/>.</param>
    /// <param name="stopping">The server stops: the job stays active and goes on at the next start.</param>
    public async Task RunAsync(StoredJob job, WriteFence fence, CancellationToken cancelled, CancellationToken stopping)
    {
        var connection = await connections.FindAsync(fence.ConnectionId, stopping) ?? throw new StaleWriterException(fence.ConnectionId);
        try
        {
            // Asked again now that the worker can be told: a request between the claim and here would be lost otherwise.
            if (await jobs.FindAsync(job.Id, stopping) is not { IsCancelRequested: false }) throw new JobCancelledException();
            if (job.Attempts > options.Value.MaxRuns)
                throw new PlatformException(PlatformFailure.Refused, $"It was begun {job.Attempts} times and never came to its end; ask for it anew once the server's log tells why.");
            if (job.Type == JobTypes.HealthCheck)
            {
                await jobs.CompleteAsync(fence, job.Id, await health.RunAsync(connection, fence, cancelled), [], time.GetUtcNow(), stopping);
                return;
            }

            if (job.Type == JobTypes.Reconcile)
            {
                await jobs.CompleteAsync(fence, job.Id, await reconciles.RunAsync(connection, job, fence, cancelled), [], time.GetUtcNow(), stopping);
                return;
            }

            if (job.Type == JobTypes.Restore)
            {
                await jobs.CompleteAsync(fence, job.Id, await restores.RunAsync(connection, job, fence, cancelled), [], time.GetUtcNow(), stopping);
                return;
            }

            if (job.Type == JobTypes.QueryAudit)
            {
                var read = await audits.RunAsync(connection, fence, cancelled);
                await jobs.CompleteAsync(fence, job.Id, read.ToJson(), [], time.GetUtcNow(), stopping);
                if (read.MadeWay) await jobs.AddOrJoinAsync(factory.QueryAudit(connection.Id, connection.Key, Caller.System), stopping);
                return;
            }

            if (IsCleanup(job))
            {
                // It ends with its connection, and the lease with both.
                await cleanups.RunAsync(connection, job, fence, cancelled);
                return;
            }

            var report = await crawls.RunAsync(connection, job, fence, cancelled);
            // Health first: whoever waited for the job then reads the connection as the job left it.
            await RecordHealthAsync(connection, job, fence, stopping);
            // A column check looks at active objects alone.
            await jobs.CompleteAsync(fence, job.Id, report.ToJson(), job.Type == JobTypes.Crawl ? report.Read : [], time.GetUtcNow(), stopping);
            await ReconcileAsync(connection, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is JobCancelledException || (e is OperationCanceledException && cancelled.IsCancellationRequested))
        {
            await CancelAsync(job, fence, stopping);
        }
        catch (Exception e) when (e is PlatformException or SecretUnavailableException or VaultException or DatabaseDiskException)
        {
            // A secret's source, the vault's key or room on the disk may be back soon; what the platform refuses for good is not asked again.
            var transient = e is not PlatformException { IsTransient: false };
            await FailAsync(connection, job, fence, e.Message, transient, stopping, isThrottled: e is PlatformException { Failure: PlatformFailure.Throttled });
        }
        catch (Exception e) when (e is not StaleWriterException)
        {
            // A fault of ours: its text may hold anything, so the job only says where to look.
            Log.Faulted(logger, job.Id, e);
            await FailAsync(connection, job, fence, $"Internal error ({e.GetType().Name}); the server's log has it under job {job.Id}.", transient: true, stopping);
        }
    }

    private async Task FailAsync(
        StoredConnection connection, StoredJob job, WriteFence fence, string reason, bool transient, CancellationToken cancellationToken, bool isThrottled = false)
    {
        var now = time.GetUtcNow();
        if (transient && job.Failures + 1 < options.Value.MaxAttempts)
        {
            var due = now + Backoff.Delay(job.Failures + 1, options.Value.RetryBaseDelay, options.Value.RetryMaxDelay, Random.Shared.NextDouble());
            if (await jobs.RetryAsync(fence, job.Id, due, reason, cancellationToken)) Log.Retrying(logger, job.Id, job.Attempts, due, reason);
            else await CancelAsync(job, fence, cancellationToken);
            return;
        }

        if (job.Type == JobTypes.HealthCheck && isThrottled)
        {
            Log.Inconclusive(logger, job.Id, connection.Key, reason);
            await health.RecordInconclusiveAsync(connection, fence, reason, cancellationToken);
            await jobs.GiveUpAsync(fence, job.Id, JobState.Failed, reason, now, cancellationToken);
            return;
        }

        Log.Failed(logger, job.Id, reason);
        // A query audit that can't be read says nothing of the connection: the checks tell what is missing. The next one goes on where this one stopped.
        if (job.Type == JobTypes.QueryAudit) Log.NotRead(logger, connection.Key, reason);
        else if (job.Type == JobTypes.HealthCheck) await health.RecordFailureAsync(connection, fence, reason, cancellationToken);
        else if (job.Type == JobTypes.Reconcile) await reconciles.RecordFailureAsync(fence, reason, cancellationToken);
        else if (job.Type == JobTypes.Restore || IsCleanup(job)) await ReconcileAsync(connection, cancellationToken);
        else await connections.SetStatusAsync(fence, ConnectionStatus.Unhealthy, reason, NextSync(connection, job, options.Value.SyncAfterFailure), cancellationToken);
        await jobs.GiveUpAsync(fence, job.Id, JobState.Failed, reason, now, cancellationToken);
    }

    private async Task CancelAsync(StoredJob job, WriteFence fence, CancellationToken cancellationToken)
    {
        Log.Cancelled(logger, job.Id);
        if (IsCleanup(job) && await connections.FindAsync(fence.ConnectionId, cancellationToken) is { } connection) await ReconcileAsync(connection, cancellationToken);
        await jobs.GiveUpAsync(fence, job.Id, JobState.Cancelled, "Stopped on request; what was read until then stays.", time.GetUtcNow(), cancellationToken);
    }

    private static bool IsCleanup(StoredJob job) => job.Type is JobTypes.Cleanup or JobTypes.CleanupWithRestore;

    // What a crawl found, and what a cleanup that came to nothing has taken back until then.
    private async Task ReconcileAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        if (!await reconciles.AppliesToAsync(connection, cancellationToken)) return;
        await reconciles.ReadAnewAsync(connection, cancellationToken);
        await jobs.AddOrJoinAsync(factory.Reconcile(connection.Id, connection.Key, Caller.System), cancellationToken);
    }

    private async Task RecordHealthAsync(StoredConnection connection, StoredJob job, WriteFence fence, CancellationToken cancellationToken)
    {
        if (job.Type != JobTypes.Crawl || job.Path.Depth > 0) return;
        var (status, reason) = await health.OfAsync(connection, cancellationToken);
        await connections.SetStatusAsync(fence, status, reason, NextSync(connection, job, TimeSpan.MaxValue), cancellationToken);
    }

    // Only a crawl of everything moves the schedule on; null leaves it.
    private DateTimeOffset? NextSync(StoredConnection connection, StoredJob job, TimeSpan longest)
    {
        if (job is not { Type: JobTypes.Crawl, Path.Depth: 0 }) return null;
        var every = ConnectionUseCases.SettingsOf(connection).ObjectSyncEvery;
        return time.GetUtcNow() + (every < longest ? every : longest);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2201, Level = LogLevel.Information, Message = "Job {JobId} was stopped on request")]
        public static partial void Cancelled(ILogger logger, Guid jobId);

        [LoggerMessage(EventId = 2202, Level = LogLevel.Warning, Message = "Job {JobId} failed in run {Attempt} and is tried again at {DueAt}: {Reason}")]
        public static partial void Retrying(ILogger logger, Guid jobId, int attempt, DateTimeOffset dueAt, string reason);

        [LoggerMessage(EventId = 2203, Level = LogLevel.Error, Message = "Job {JobId} failed: {Reason}")]
        public static partial void Failed(ILogger logger, Guid jobId, string reason);

        [LoggerMessage(EventId = 2205, Level = LogLevel.Warning, Message = "Job {JobId} could not tell how connection '{Connection}' is, which stays as it was: {Reason}")]
        public static partial void Inconclusive(ILogger logger, Guid jobId, string connection, string reason);

        [LoggerMessage(EventId = 2206, Level = LogLevel.Warning, Message = "The query audit of connection '{Connection}' was not read; the next reading goes on there: {Reason}")]
        public static partial void NotRead(ILogger logger, string connection, string reason);

        [LoggerMessage(EventId = 2204, Level = LogLevel.Error, Message = "Job {JobId} met a fault")]
        public static partial void Faulted(ILogger logger, Guid jobId, Exception exception);
    }
}
