using System.Text.Json.Nodes;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <summary>
/// Takes back everything of ours on a connection's platform, and deletes the connection once nothing is left. Before that, where it is asked for, the grants of
/// others that were taken away are put back. While anything of ours is left the connection stays.
/// </summary>
internal sealed class CleanupRunner(
    Planner planner,
    SessionOpener sessions,
    IIntentReader intents,
    IPlanStore plans,
    IConnectionStore connections,
    PlanExecution execution,
    RemovedGrants removed,
    IIdSource ids,
    TimeProvider time)
{
    private const int MostNamed = 5;

    /// <summary>Cleans up and deletes; the job is completed with it.</summary>
    /// <exception cref="PlatformException">Something of ours could not be taken back: the connection is as it was.</exception>
    public async Task RunAsync(StoredConnection connection, StoredJob job, WriteFence fence, CancellationToken cancellationToken)
    {
        var (taken, back) = planner.CanEnforce(connection) ? await CleanAsync(connection, job, fence, cancellationToken) : (0, 0);
        var output = new JsonObject { ["takenBack"] = taken, ["restored"] = back, ["deleted"] = connection.Key };
        await connections.DeleteAsync(fence, job.Id, output.ToJsonString(), PlanExecution.AskedBy(job), cancellationToken);
    }

    private async Task<(int Taken, int Back)> CleanAsync(StoredConnection connection, StoredJob job, WriteFence fence, CancellationToken cancellationToken)
    {
        await using var session = await sessions.OpenAsync(connection, cancellationToken);
        var read = await intents.ReadAsync(connection, cancellationToken);
        var putBack = job.Type == Jobs.JobTypes.CleanupWithRestore ? PutBack(connection, await removed.OfAsync(connection, cancellationToken), read.Counting.Disabled) : [];

        // On the objects that are governed, and those where something is put back: a platform without marks shows grants of others on what is asked for alone.
        var observed = await ObserveAsync(session, Reaching(read.Intent, putBack.Select(static c => c.Key), read.Counting.ObjectDepth), cancellationToken);
        var taken = await ApplyAsync(connection, job, fence, session, read, PlanOfReturn.Of(observed, putBack, read.Counting), putBack, cancellationToken);

        // Then whatever carries our mark, wherever it is.
        var nothing = read.Intent with { Objects = [], InForce = null };
        taken += await ApplyAsync(connection, job, fence, session, read, PlanOfReturn.Of(await ObserveAsync(session, nothing, cancellationToken), [], read.Counting), [], cancellationToken);
        var left = PlanOfReturn.Of(await ObserveAsync(session, nothing, cancellationToken), [], read.Counting).Changes;
        if (left.Count > 0)
        {
            throw new PlatformException(
                PlatformFailure.Refused,
                $"{left.Count} things of ours are still there after they were taken back, so the connection stays: {string.Join("; ", left.Take(MostNamed).Select(static c => c.Key.ToString()))}.");
        }

        if (session is IKeepsEpoch kept) await kept.RemoveEpochAsync(read.Intent.Prefix, cancellationToken);
        return (taken, putBack.Count);
    }

    private async Task<int> ApplyAsync(
        StoredConnection connection, StoredJob job, WriteFence fence, IPlatformSession session, ReadIntent read, Plan plan, IReadOnlyList<Change> putBack, CancellationToken cancellationToken)
    {
        var failed = (IReadOnlyList<ChangeOutcome>)[];
        if (!plan.IsEmpty)
        {
            var stored = new StoredPlan
            {
                Id = ids.NewId(), ConnectionId = connection.Id, State = PlanState.Applying, StateReason = "It takes back what is Sluice's, before the connection is deleted.",
                Digest = PlanJson.DigestOf(plan), AccessRevision = read.Revision, ChangeCount = plan.Changes.Count, CreatedAt = time.GetUtcNow(), CreatedBy = PlanExecution.AskedBy(job),
            };
            await plans.AddAsync(stored, PlanJson.Write(plan), cancellationToken);
            failed = PlanExecution.Failed(await execution.ApplyAsync(connection, job, stored, fence, session, read.Intent with { Objects = [] }, plan.Changes, desired: null, cancellationToken));
        }

        await removed.RecordAsync(connection, putBack, failed, cancellationToken);
        if (failed.Count > 0) throw RestoreRunner.Failure(failed);
        return plan.Changes.Count(static c => c.Verb == ChangeVerb.Remove);
    }

    // Who is disabled here gets nothing back; their grants stay in the list.
    private IReadOnlyList<Change> PutBack(StoredConnection connection, IReadOnlyList<RemovedGrant> grants, IReadOnlySet<string> disabled)
    {
        try
        {
            return removed.Changes(connection, [.. grants.Where(g => !disabled.Contains(g.Grantee))]);
        }
        catch (RequestRefusedException e)
        {
            throw new PlatformException(PlatformFailure.Refused, e.Message);
        }
    }

    private static Task<ObservedState> ObserveAsync(IPlatformSession session, AccessIntent intent, CancellationToken cancellationToken) =>
        ((IObservesAccess)session).ObserveAsync(intent, cancellationToken);

    // Whoever had a grant may be registered no more, and is looked at all the same.
    private static AccessIntent Reaching(AccessIntent intent, IEnumerable<FactKey> grants, int objectDepth)
    {
        var keys = grants.ToList();
        var (known, asked) = (intent.Identities.Select(static i => i.Name).ToHashSet(StringComparer.Ordinal), intent.Objects.Select(static o => o.Object.Path).ToHashSet());
        return intent with
        {
            Identities = [.. intent.Identities, .. keys.Select(static k => k.Subject).Distinct(StringComparer.Ordinal).Where(s => !known.Contains(s)).Select(static s => new IdentityHolders(s, []))],
            Objects = [.. intent.Objects, .. keys.Select(static k => k.Object!).Distinct().Where(o => o.Depth == objectDepth && !asked.Contains(o)).Select(Bare)],
        };
    }

    private static IntendedObject Bare(ObjectPath path) => new()
    {
        Object = new GovernedObject { Path = path, Kind = ObjectKind.Table, Tags = [], Columns = [] },
        Access = new ObjectAccess { Read = AccessRule.Nobody, Write = AccessRule.Nobody },
    };
}
