using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Jobs;

/// <inheritdoc cref="IJobUseCases"/>
internal sealed class JobUseCases(IJobStore jobs, IConnectionWaker waker, TimeProvider time) : IJobUseCases
{
    private const int ListLimit = 1000;

    // No job is requested by it.
    private const string Nobody = "";
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(100);

    public async Task<IReadOnlyList<StoredJob>> ListAsync(Guid? bulkId, Caller caller, CancellationToken cancellationToken)
    {
        var query = new JobQuery { BulkId = bulkId, RequestedBy = OnlyOf(caller), Size = ListLimit };
        var page = await jobs.SearchAsync(query, cancellationToken);
        return [.. page.Jobs.Reverse()];
    }

    public Task<JobPage> SearchAsync(JobQuery query, Caller caller, CancellationToken cancellationToken) =>
        jobs.SearchAsync(query with { RequestedBy = OnlyOf(caller) ?? query.RequestedBy }, cancellationToken);

    public Task<IReadOnlyDictionary<JobState, long>> SummaryAsync(Caller caller, CancellationToken cancellationToken) =>
        jobs.SummaryAsync(OnlyOf(caller), cancellationToken);

    public async Task<IReadOnlyList<StoredJob>> StatusesAsync(
        IReadOnlyCollection<Guid> ids, TimeSpan wait, TimeSpan pollInterval, Caller caller, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + (wait < LongestWait ? wait : LongestWait);
        var pause = pollInterval > ShortestPoll ? pollInterval : ShortestPoll;
        while (true)
        {
            var found = await jobs.FindManyAsync(ids, cancellationToken);
            var visible = found.Where(j => MaySee(caller, j)).ToList();
            var left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero || visible.All(HasEnded)) return visible;
            await Task.Delay(left < pause ? left : pause, time, cancellationToken);
        }
    }

    public async Task<StoredJob> CancelAsync(Guid id, Caller caller, CancellationToken cancellationToken)
    {
        var job = await jobs.FindAsync(id, cancellationToken);
        if (job is null || !MaySee(caller, job)) throw NotFound(id);
        if (!await jobs.RequestCancelAsync(id, time.GetUtcNow(), cancellationToken))
            throw new RequestRefusedException(ErrorCode.WrongState, $"Job {id} has ended already.");
        if (job.ConnectionId is { } connection) await waker.CancelAsync(connection, id);
        return await jobs.FindAsync(id, cancellationToken) ?? throw NotFound(id);
    }

    private static string? OnlyOf(Caller caller)
    {
        if (caller.HasAny(Permission.ApplicationAdmin)) return null;
        return caller.SpeaksForHolder ? caller.Id : Nobody;
    }

    private static bool MaySee(Caller caller, StoredJob job) => OnlyOf(caller) is not { } only || only == job.RequestedBy;

    private static bool HasEnded(StoredJob job) =>
        job.State is JobState.Completed or JobState.Failed or JobState.Cancelled or JobState.Expired;

    private static RequestRefusedException NotFound(Guid id) => new(ErrorCode.NotFound, $"There is no job {id}.");
}
