using Microsoft.Extensions.Logging;
using Orleans;

namespace Sluice.Engine.Jobs;

/// <summary>Reaches a connection's writer through its grain, wherever that lives.</summary>
internal sealed partial class GrainConnectionWaker(IGrainFactory grains, ILogger<GrainConnectionWaker> logger) : IConnectionWaker
{
    public Task WakeAsync(Guid connectionId) => TellAsync(connectionId, grain => grain.WakeAsync());

    public Task CancelAsync(Guid connectionId, Guid jobId) => TellAsync(connectionId, grain => grain.CancelAsync(jobId));

    // What was asked for is stored already: whether the writer hears of it now or from the pump's next look is no reason to fail the request.
    private async Task TellAsync(Guid connectionId, Func<IConnectionGrain, Task> message)
    {
        try
        {
            await message(grains.GetGrain<IConnectionGrain>(connectionId));
        }
        catch (Exception e)
        {
            Log.NotTold(logger, connectionId, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2401, Level = LogLevel.Warning, Message = "The writer of connection {ConnectionId} could not be told; it looks for jobs by itself")]
        public static partial void NotTold(ILogger logger, Guid connectionId, Exception exception);
    }
}
