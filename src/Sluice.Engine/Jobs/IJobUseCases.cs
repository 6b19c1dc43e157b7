using Sluice.Engine.Callers;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Jobs;

/// <summary>What a caller can see and do of background jobs: their own, or all with APPLICATION_ADMIN.</summary>
public interface IJobUseCases
{
    /// <summary>GET /jobs?bulkId=: oldest first; none is an empty list.</summary>
    Task<IReadOnlyList<StoredJob>> ListAsync(Guid? bulkId, Caller caller, CancellationToken cancellationToken);

    /// <summary>GET /jobs/search. <see cref="JobQuery.RequestedBy"/> is set to the caller unless they may see all.</summary>
    Task<JobPage> SearchAsync(JobQuery query, Caller caller, CancellationToken cancellationToken);

    /// <summary>GET /jobs/summary.</summary>
    Task<IReadOnlyDictionary<JobState, long>> SummaryAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>
    /// POST /jobs/statuses: the jobs by id (what the caller may not see is left out); with a wait, answers when all have ended or the wait is
    /// over.
    /// </summary>
    Task<IReadOnlyList<StoredJob>> StatusesAsync(
        IReadOnlyCollection<Guid> ids, TimeSpan wait, TimeSpan pollInterval, Caller caller, CancellationToken cancellationToken);

    /// <summary>DELETE /jobs/{id} (ours): asks a job to stop.</summary>
    Task<StoredJob> CancelAsync(Guid id, Caller caller, CancellationToken cancellationToken);
}
