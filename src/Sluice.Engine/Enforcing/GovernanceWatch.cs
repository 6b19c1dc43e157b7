using Sluice.Core.Planning;
using Sluice.Engine.Connections;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.History;

namespace Sluice.Engine.Enforcing;

/// <summary>Says of a connection that something else decides who reads active objects of it; and takes that back once it is so no more.</summary>
internal sealed class GovernanceWatch(IConnectionStore connections, IRestoreStore restores, HealthCheck health)
{
    // Begins the reason, by which it is known again.
    private const string Beginning = "Sluice can't govern ";

    /// <summary>Looks at what was observed, and stores what it says of the connection. What a restore or a failed job says of it comes first.</summary>
    public async Task LookAsync(StoredConnection connection, WriteFence fence, ObservedState observed, CancellationToken cancellationToken)
    {
        if (await restores.AheadAsync(connection.Id, cancellationToken) is not null) return;
        var wasSaid = connection is { Status: ConnectionStatus.Unhealthy, StatusReason: { } before } && before.StartsWith(Beginning, StringComparison.Ordinal);
        if (observed.Ungoverned.Count > 0)
        {
            var reason = ReasonOf(observed.Ungoverned);
            if (connection.Status is ConnectionStatus.Active or ConnectionStatus.Inactive || (wasSaid && connection.StatusReason != reason))
                await connections.SetStatusAsync(fence, ConnectionStatus.Unhealthy, reason, null, cancellationToken);
        }
        else if (wasSaid)
        {
            var (status, reason) = await health.OfAsync(connection, cancellationToken);
            await connections.SetStatusAsync(fence, status, reason, null, cancellationToken);
        }
    }

    private static string ReasonOf(IReadOnlyList<Shortfall> ungoverned) =>
        $"{Beginning}{ungoverned.Count} active {(ungoverned.Count == 1 ? "object" : "objects")}, and grants nothing new there. The first: {ungoverned[0].Object}: {ungoverned[0].Reason}.";
}
