using System.Text.Json.Nodes;
using Sluice.Core.Planning;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <summary>Puts removed grants back: the job has the id of the plan that says which.</summary>
internal sealed class RestoreRunner(SessionOpener sessions, IIntentReader intents, IPlanStore plans, PlanExecution execution, RemovedGrants removed)
{
    /// <summary>Applies the plan.</summary>
    /// <returns>The job's output.</returns>
    /// <exception cref="PlatformException">Some of it could not be made; what could is recorded.</exception>
    public async Task<string> RunAsync(StoredConnection connection, StoredJob job, WriteFence fence, CancellationToken cancellationToken)
    {
        // After a stop of the server, or a failure that may pass, it is made once more whatever became of it: a grant that is back already stays.
        var stored = await plans.FindAsync(job.Id, cancellationToken) ?? throw new PlatformException(PlatformFailure.Refused, $"Plan {job.Id} is gone.");
        await plans.MoveAsync(job.Id, Enum.GetValues<PlanState>(), PlanState.Applying, null, PlanExecution.AskedBy(job), cancellationToken);
        var plan = PlanJson.Read(await plans.DocumentAsync(job.Id, cancellationToken) ?? throw new PlatformException(PlatformFailure.Refused, $"Plan {job.Id} is gone."));
        await using var session = await sessions.OpenAsync(connection, cancellationToken);
        var intent = (await intents.ReadAsync(connection, cancellationToken)).Intent with { Objects = [] };
        var outcomes = await execution.ApplyAsync(connection, job, stored, fence, session, intent, plan.Changes, desired: null, cancellationToken);
        var failed = PlanExecution.Failed(outcomes);
        var back = await removed.RecordAsync(connection, plan.Changes, failed, cancellationToken);
        if (failed.Count > 0) throw Failure(failed);
        return new JsonObject { ["planId"] = job.Id.ToString(), ["restored"] = back }.ToJsonString();
    }

    /// <summary>The failure of changes; another try may help when it may help each of them.</summary>
    public static PlatformException Failure(IReadOnlyList<ChangeOutcome> failed) =>
        new(failed.All(static f => f.IsTransient) ? PlatformFailure.Unavailable : PlatformFailure.Refused, PlanExecution.FailureText(failed)!);
}
