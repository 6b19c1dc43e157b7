using Sluice.Storage.Databases;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Connections;

/// <summary>The state of a connection whose first crawl never came to its end.</summary>
internal static class ConnectionStates
{
    /// <summary>Nothing will end the creation of a connection without an unfinished crawl: it is what its root says, as after any other crawl.</summary>
    public static Task SettleAsync(SluiceContext context, CancellationToken cancellationToken) => context.ExecuteAsync(
        $"""
        UPDATE connections SET status = CASE WHEN (SELECT o.is_active FROM data_objects o WHERE o.id = root_object_id)
            THEN {(int)ConnectionStatus.Active} ELSE {(int)ConnectionStatus.Inactive} END
        WHERE status = {(int)ConnectionStatus.Creating} AND NOT EXISTS (
            SELECT 1 FROM jobs j WHERE j.connection_id = connections.id AND j.type = '{JobRows.Crawl}' AND j.depth = 0
              AND j.state IN ({(int)JobState.Created}, {(int)JobState.Active}, {(int)JobState.Retry}))
        """,
        cancellationToken);
}
