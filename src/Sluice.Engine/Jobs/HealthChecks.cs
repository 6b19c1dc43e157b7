using Microsoft.Extensions.Options;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Jobs;

/// <summary>Asks for the health checks of connections. When the last one was is told by its jobs and by the registration, which checks too.</summary>
internal sealed class HealthChecks(IJobStore jobs, JobFactory factory, IOptions<EngineOptions> options)
{
    /// <summary>Adds a check for every connection that was not checked for a while; for half of one where the latest told nothing.</summary>
    public async Task AddDueAsync(IReadOnlyList<StoredConnection> connections, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - options.Value.HealthCheckEvery;
        var due = connections
            .Where(c => c.Status is not (ConnectionStatus.Creating or ConnectionStatus.Deleting) && c.CreatedAt <= since)
            .ToList();
        if (due.Count == 0) return;
        var checkedLately = await jobs.LookedAtAsync(since, [JobTypes.HealthCheck], cancellationToken);
        var checkedJustNow = due.Any(HealthCheck.IsInconclusive)
            ? await jobs.LookedAtAsync(now - (options.Value.HealthCheckEvery / 2), [JobTypes.HealthCheck], cancellationToken)
            : checkedLately;
        foreach (var connection in due)
            if (!(HealthCheck.IsInconclusive(connection) ? checkedJustNow : checkedLately).Contains(connection.Id)) await jobs.AddAsync(factory.HealthCheck(connection.Id, connection.Key, Caller.System), cancellationToken);
    }
}
