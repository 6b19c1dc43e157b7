namespace Sluice.Engine.Jobs;

/// <summary>Tells a connection's single writer that there is something to do.</summary>
public interface IConnectionWaker
{
    /// <summary>There may be a job to run. Returns once the writer knows; it does not wait for the job.</summary>
    Task WakeAsync(Guid connectionId);

    /// <summary>Stop the job if it runs.</summary>
    Task CancelAsync(Guid connectionId, Guid jobId);
}
