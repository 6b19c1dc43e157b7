using Orleans;

namespace Sluice.Engine.Jobs;

/// <summary>Reaches a connection's writer through its grain, wherever that lives.</summary>
internal sealed class GrainConnectionWaker(IGrainFactory grains) : IConnectionWaker
{
    public Task WakeAsync(Guid connectionId) => grains.GetGrain<IConnectionGrain>(connectionId).WakeAsync();

    public Task CancelAsync(Guid connectionId, Guid jobId) => grains.GetGrain<IConnectionGrain>(connectionId).CancelAsync(jobId);
}
