using Microsoft.Extensions.Logging;
using Sluice.Engine.Connections;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.History;

namespace Sluice.Engine.Enforcing;

/// <summary>
/// Sees that this server's database is older than what was last done on a platform, before anything is written there: a backup that was put back would have
/// its older policies enforced.
/// </summary>
internal sealed partial class RestoreWatch(IRestoreStore restores, IConnectionStore connections, HealthCheck health, ILogger<RestoreWatch> logger)
{
    /// <summary>Why nothing may be written to a connection's platform; null: it may.</summary>
    public async Task<string?> LookAsync(StoredConnection connection, IPlatformSession session, string prefix, WriteFence fence, CancellationToken cancellationToken)
    {
        if (session is IKeepsEpoch kept && await kept.ReadEpochAsync(prefix, cancellationToken) is { } there)
        {
            var here = await restores.EpochAsync(connection, cancellationToken);
            if (there > here && await restores.MarkAheadAsync(connection, fence, there, cancellationToken)) Log.Ahead(logger, connection.Key, there, here);
        }

        var reason = RestoreReason.Of(connection.Key);
        if (await restores.AheadAsync(connection.Id, cancellationToken) is not null)
        {
            await connections.SetStatusAsync(fence, ConnectionStatus.Unhealthy, reason, null, cancellationToken);
            return reason;
        }

        if (connection.StatusReason == reason)
        {
            var (status, why) = await health.OfAsync(connection, cancellationToken);
            await connections.SetStatusAsync(fence, status, why, null, cancellationToken);
        }

        return null;
    }

    /// <summary>Counts an apply, here and then on the platform, before its first change.</summary>
    public async Task CountAsync(StoredConnection connection, IPlatformSession session, string prefix, CancellationToken cancellationToken)
    {
        if (session is not IKeepsEpoch kept) return;
        var epoch = await restores.RaiseAsync(connection, cancellationToken);
        try
        {
            await kept.WriteEpochAsync(prefix, epoch, cancellationToken);
        }
        catch (PlatformException e)
        {
            // Access that is to go must go all the same: what is lost is that a later restore would be seen.
            Log.NotKept(logger, connection.Key, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2711, Level = LogLevel.Critical,
            Message = "The platform of connection '{Connection}' has seen {There} applies by this server, and its database knows of {Here}: an older backup was put back. Nothing is written there until somebody confirms the restore")]
        public static partial void Ahead(ILogger logger, string connection, long there, long here);

        [LoggerMessage(EventId = 2712, Level = LogLevel.Warning, Message = "The count of applies can't be kept on the platform of connection '{Connection}', so that an older backup would not be noticed there: {Reason}")]
        public static partial void NotKept(ILogger logger, string connection, string reason);
    }
}
