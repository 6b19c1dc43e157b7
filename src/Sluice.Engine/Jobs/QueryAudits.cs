using Microsoft.Extensions.Options;
using Sluice.Engine.Callers;
using Sluice.Engine.QueryAudit;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Jobs;

/// <summary>Asks for the query audit of connections to be read. When it last was is told by their jobs.</summary>
internal sealed class QueryAudits(IJobStore jobs, JobFactory factory, IOptions<EngineOptions> options)
{
    /// <summary>Adds a reading for every connection that was not read for a while.</summary>
    public async Task AddDueAsync(IReadOnlyList<StoredConnection> connections, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = connections.Where(static c => c.Status is not (ConnectionStatus.Creating or ConnectionStatus.Deleting) && QueryAuditSwitch.IsOn(c)).ToList();
        if (due.Count == 0) return;
        var lately = await jobs.LookedAtAsync(now - options.Value.QueryAudit.ReadEvery, [JobTypes.QueryAudit], cancellationToken);
        foreach (var connection in due)
            if (!lately.Contains(connection.Id)) await jobs.AddAsync(factory.QueryAudit(connection.Id, connection.Key, Caller.System), cancellationToken);
    }
}
