using Microsoft.Extensions.Options;
using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Jobs;

/// <summary>
/// Asks for column checks. When the last look at a connection was is told by its newest job, so a restart neither skips nor doubles a check; a
/// connection without active objects is looked at as seldom.
/// </summary>
internal sealed class ColumnChecks(
    IConnectionStore connections, ICatalogStore catalog, IJobStore jobs, JobFactory factory, IOptions<EngineOptions> options)
{
    private const int Newest = 100;
    private static readonly IReadOnlyList<JobState> Unfinished = [JobState.Created, JobState.Active, JobState.Retry];
    private readonly Dictionary<Guid, DateTimeOffset> _idleSince = [];

    /// <summary>Adds a check for every connection that has active objects and was not looked at for a while.</summary>
    public async Task AddDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var connection in await connections.ListAsync(cancellationToken))
        {
            if (connection.Status is ConnectionStatus.Creating or ConnectionStatus.Deleting) continue;
            if (_idleSince.TryGetValue(connection.Id, out var idle) && idle > now - options.Value.ColumnCheckEvery) continue;
            if (await WasLookedAtAsync(connection, now - options.Value.ColumnCheckEvery, cancellationToken)) continue;
            if (await HasActiveAsync(connection, cancellationToken)) await jobs.AddAsync(factory.ColumnCheck(connection.Id, connection.Key), cancellationToken);
            else _idleSince[connection.Id] = now;
        }
    }

    // A crawl of a single object says nothing of the others: only checks and crawls of the whole connection count.
    private async Task<bool> WasLookedAtAsync(StoredConnection connection, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var newest = await jobs.SearchAsync(new JobQuery { ConnectionKey = connection.Key, Size = Newest }, cancellationToken);
        return newest.Jobs.Any(j => j.Path.Depth == 0 && (Unfinished.Contains(j.State) || j.CreatedAt > since));
    }

    private async Task<bool> HasActiveAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        var query = new ObjectQuery { Parent = new ObjectPath(connection.Key), Descendants = true, Active = true, Size = 1 };
        return (await catalog.SearchAsync(query, cancellationToken)).Count > 0;
    }
}
