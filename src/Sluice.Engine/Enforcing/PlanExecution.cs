using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Core.Planning;
using Sluice.Engine.Auditing;
using Sluice.Engine.Callers;
using Sluice.Engine.Crawling;
using Sluice.Engine.Jobs;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <summary>
/// Has a stored plan's changes made in a job: each is in the audit trail before the platform is called and after, and a grant of somebody else's is kept before
/// it is taken away.
/// </summary>
internal sealed partial class PlanExecution(
    IPlanStore plans,
    PlanProgress progress,
    RestoreWatch restores,
    OwnGrants own,
    IConnectionStore connections,
    IJobStore jobs,
    AuditRecorder audit,
    IIdSource ids,
    TimeProvider time,
    IOptions<EngineOptions> options,
    ILogger<PlanExecution> logger)
{
    private const int ProgressEvery = 100;

    /// <summary>Who asked for a job, as far as it tells.</summary>
    public static Actor AskedBy(StoredJob job) => job.RequestedBy == Caller.System.Id ? Caller.System.AsActor() : new Actor(job.RequestedBy, job.RequestedBy);

    /// <summary>
    /// Makes the changes, and stores how the plan ended. An interrupted one stays as it is: the next run finds what was done of it. What shall be, where it is known, tells which audiences
    /// read an object.
    /// </summary>
    /// <returns>How each change ended.</returns>
    /// <exception cref="PlatformException">The platform is ahead of this server's database: nothing is written until somebody confirms.</exception>
    /// <exception cref="SettingsChangedException">A reconcile's connection has other settings by now: what was left of the plan was not done.</exception>
    public async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(
        StoredConnection connection, StoredJob job, StoredPlan plan, WriteFence fence, IPlatformSession session, AccessIntent intent, IReadOnlyList<Change> changes, DesiredState? desired,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<ChangeOutcome> outcomes;
        try
        {
            if (await restores.LookAsync(connection, session, intent.Prefix, fence, cancellationToken) is { } restored) throw new PlatformException(PlatformFailure.Refused, restored);
            await restores.CountAsync(connection, session, intent.Prefix, cancellationToken);
            outcomes = await ChangeAsync(connection, job, plan.Id, fence, (IAppliesChanges)session, intent, changes, desired, cancellationToken);
        }
        catch (Exception e) when (e is JobCancelledException or OperationCanceledException)
        {
            // Whoever stops the job takes back what was wanted; a server that stops goes on with it.
            if (await jobs.FindAsync(job.Id, CancellationToken.None) is { IsCancelRequested: true })
                await progress.StopAsync(plan, "Its job was stopped on request. Make a new plan to see what is left.", AskedBy(job), CancellationToken.None);
            throw;
        }
        catch (SettingsChangedException e)
        {
            await progress.StopAsync(plan, e.Message, Actor.Server, CancellationToken.None);
            throw;
        }

        await own.EndAsync(connection, outcomes, cancellationToken);
        var failed = Failed(outcomes);
        await progress.EndAsync(plan, failed.Count == 0 ? PlanState.Applied : PlanState.Failed, FailureText(failed), AskedBy(job), cancellationToken);
        return outcomes;
    }

    /// <summary>Those that could not be made.</summary>
    public static IReadOnlyList<ChangeOutcome> Failed(IReadOnlyList<ChangeOutcome> outcomes) => [.. outcomes.Where(static o => o.Error is not null)];

    private async Task<IReadOnlyList<ChangeOutcome>> ChangeAsync(
        StoredConnection connection, StoredJob job, Guid planId, WriteFence fence, IAppliesChanges session, AccessIntent intent, IReadOnlyList<Change> changes, DesiredState? desired, CancellationToken cancellationToken)
    {
        var done = 0;
        // Who restores or cleans up asked for just that, whatever the settings are.
        var settings = job.Type == JobTypes.Reconcile ? new SettingsWatch(connection, connections, options.Value.ChangePollInterval, time) : null;
        await using var trail = new ChangeTrail(audit, connection.Id, planId, AskedBy(job));
        return await PlanApplier.ApplyAsync(
            session, intent, changes, desired,
            async phase =>
            {
                if (settings is not null) await settings.LookAsync(cancellationToken);
                await plans.AddRemovedAsync(
                    [.. phase.Where(static c => c is { Verb: not ChangeVerb.Add, Restore: not null }).Select(c => Removed(connection.Id, planId, c))], cancellationToken);
                await own.IntendAsync(connection, phase, cancellationToken);
                await trail.IntendAsync(phase, cancellationToken);
            },
            async outcome =>
            {
                await trail.EndAsync(outcome, cancellationToken);
                if (outcome.Error is { } error) Log.ChangeFailed(logger, connection.Key, planId, job.Id, outcome.Change.Key.ToString(), error);
                if (++done % ProgressEvery == 0 && await jobs.ProgressAsync(fence, job.Id, done, changes.Count, cancellationToken)) throw new JobCancelledException();
                if (settings is not null) await settings.LookAgainAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>What failed, in one sentence; null when nothing did.</summary>
    public static string? FailureText(IReadOnlyList<ChangeOutcome> failed) =>
        failed.Count == 0 ? null : $"{failed.Count} changes could not be made. The first: {failed[0].Change}: {failed[0].Error}";

    private RemovedGrant Removed(Guid connectionId, Guid planId, Change change) => new(
        ids.NewId(), connectionId, planId, change.Key.Object!, change.Key.Subject, change.Key.Detail, change.Restore!, change.MadeBy, time.GetUtcNow(), null);

    private static partial class Log
    {
        [LoggerMessage(EventId = 2703, Level = LogLevel.Warning, Message = "On connection '{Connection}' a change of plan {PlanId} could not be made (job {JobId}): {Change}: {Error}")]
        public static partial void ChangeFailed(ILogger logger, string connection, Guid planId, Guid jobId, string change, string error);
    }
}
