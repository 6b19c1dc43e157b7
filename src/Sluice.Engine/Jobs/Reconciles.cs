using Sluice.Engine.Callers;
using Sluice.Engine.Enforcing;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Jobs;

/// <summary>
/// Asks for reconciles: of connections whose platform is behind the changes made here, and of those whose time has come for an expiry, a retry or drift. However
/// many changes there were, one that waits is enough, and while one runs that was asked for after the last of them, none is added.
/// </summary>
internal sealed class Reconciles(Planner planner, IConnectionStore connections, IPlanStore plans, IJobStore jobs, JobFactory factory)
{
    /// <summary>The access revision at which this process last asked for a connection's reconcile.</summary>
    private readonly Dictionary<Guid, long> _asked = [];

    /// <summary>Connections of platforms on which nothing is enforced: always behind.</summary>
    private readonly HashSet<Guid> _unenforced = [];

    /// <summary>Adds a reconcile for every connection that needs one and has none to come. Not for two callers at once.</summary>
    /// <returns>Whether any was asked for.</returns>
    public async Task<bool> AddDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Before the connections that are due: a change in between asks once more, and is not missed.
        var revision = await plans.AccessRevisionAsync(cancellationToken);
        var due = (await plans.DueAsync(now, cancellationToken)).Where(id => !_unenforced.Contains(id)).ToList();
        if (due.Count == 0) return false;
        var unfinished = await jobs.LookedAtAsync(now, [JobTypes.Reconcile], cancellationToken);
        var any = false;
        foreach (var id in due)
        {
            if (unfinished.Contains(id) && _asked.TryGetValue(id, out var asked) && asked == revision) continue;
            if (await connections.FindAsync(id, cancellationToken) is not { } connection) continue;
            if (!planner.CanEnforce(connection))
            {
                _unenforced.Add(id);
                continue;
            }

            await jobs.AddOrJoinAsync(factory.Reconcile(id, connection.Key, Caller.System), cancellationToken);
            _asked[id] = revision;
            any = true;
        }

        return any;
    }
}
