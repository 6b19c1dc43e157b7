using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Storage;
using Sluice.Storage.Server;

namespace Sluice.Engine.Cluster;

/// <summary>Keeps the lock on the database for as long as the server lives, and ends the server when another has got it.</summary>
internal sealed partial class ServerLockKeeper(IServerLock server, IHostApplicationLifetime lifetime, ILogger<ServerLockKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await server.KeepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops. The lock stays until the last page was written.
        }
        catch (DatabaseTakenException e)
        {
            Log.Lost(logger, e.Message);
            lifetime.StopApplication();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2503, Level = LogLevel.Critical, Message = "{Reason} This server stops")]
        public static partial void Lost(ILogger logger, string reason);
    }
}
