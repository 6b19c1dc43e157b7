using Microsoft.Extensions.Options;
using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Jobs;

/// <summary>
/// Asks for column checks. When the last look at a connection was is told by its jobs, so a restart neither skips nor doubles a check; a
/// connection without active objects is looked at as seldom.
/// </summary>
internal sealed class ColumnChecks(
    ICatalogStore catalog, IJobStore jobs, JobFactory factory, IOptions<EngineOptions> options)
{
    private readonly Dictionary<Guid, DateTimeOffset> _idleSince = [];

    /// <summary>Adds a check for every connection that has active objects and was not looked at for a while.</summary>
    public async Task AddDueAsync(IReadOnlyList<StoredConnection> connections, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A crawl of a single object says nothing of the others: only checks and crawls of the whole connection count.
        var since = now - options.Value.ColumnCheckEvery;
        var lookedAt = await jobs.LookedAtAsync(since, [JobTypes.Crawl, JobTypes.ColumnCheck], cancellationToken);
        foreach (var connection in connections)
        {
            if (connection.Status is ConnectionStatus.Creating or ConnectionStatus.Deleting || lookedAt.Contains(connection.Id)) continue;
            if (_idleSince.TryGetValue(connection.Id, out var idle) && idle > since) continue;
            if (await HasActiveAsync(connection, cancellationToken)) await jobs.AddAsync(factory.ColumnCheck(connection.Id, connection.Key), cancellationToken);
            else _idleSince[connection.Id] = now;
        }
    }

    private async Task<bool> HasActiveAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        var query = new ObjectQuery { Parent = new ObjectPath(connection.Key), Descendants = true, Active = true, Size = 1 };
        return (await catalog.SearchAsync(query, cancellationToken)).Count > 0;
    }
}
