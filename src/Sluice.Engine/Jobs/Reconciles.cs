using Sluice.Engine.Callers;
using Sluice.Engine.Enforcing;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Jobs;

/// <summary>
/// Asks for reconciles: of connections whose platform is behind the changes made here, and of those whose time has come for an expiry, a retry or drift. However
/// many changes there were, one that waits is enough.
/// </summary>
internal sealed class Reconciles(Planner planner, IPlanStore plans, IJobStore jobs, JobFactory factory)
{
    /// <summary>Adds a reconcile for every connection that needs one and has none waiting.</summary>
    public async Task AddDueAsync(IReadOnlyList<StoredConnection> connections, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = (await plans.DueAsync(now, cancellationToken)).ToHashSet();
        foreach (var connection in connections)
        {
            if (due.Contains(connection.Id) && planner.CanEnforce(connection))
                await jobs.AddOrJoinAsync(factory.Reconcile(connection.Id, connection.Key, Caller.System), cancellationToken);
        }
    }
}
