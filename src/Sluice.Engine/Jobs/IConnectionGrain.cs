using Orleans;

namespace Sluice.Engine.Jobs;

/// <summary>A connection's single writer. Calls return at once: the work is done by a worker that the grain starts and that holds the lease.</summary>
public interface IConnectionGrain : IGrainWithGuidKey
{
    /// <summary>There may be a job to run.</summary>
    Task WakeAsync();

    /// <summary>Stop a job if it runs.</summary>
    Task CancelAsync(Guid jobId);
}
