using Microsoft.EntityFrameworkCore;
using Sluice.Core.Audit;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Jobs;

internal sealed class JobStore(Database database, AuditAppender audit) : IJobStore
{
    private const int MaxSize = 1000;

    public Task AddAsync(NewJob job, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                // As if it had been added just before its connection was deleted: whoever asked finds it, and why it never ran.
                if (await context.LockAsync(job.ConnectionId, token)) await JobRows.AddAsync(context, job, token);
                else await JobRows.AddCancelledAsync(context, job, token);
            },
            cancellationToken);

    public Task<Guid> AddOrJoinAsync(NewJob job, CancellationToken cancellationToken) =>
        database.WriteAsync((context, token) => AddOrJoinAsync(context, job, token), cancellationToken);

    public Task<Guid> AskAsync(NewJob job, Actor by, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var bulkId = await AddOrJoinAsync(context, job, token);
                var asked = new AuditEvent
                {
                    Stream = AuditStream.Of(job.ConnectionId), Time = job.CreatedAt, ActorId = by.Id, ActorName = by.Name, Object = job.Path, BulkId = bulkId,
                    Action = job.Type switch
                    {
                        JobRows.Crawl => AuditAction.CrawlAsked,
                        JobRows.QueryAudit => AuditAction.QueryAuditAsked,
                        _ => AuditAction.CheckAsked,
                    },
                };
                await audit.AppendAsync(context, asked, token);
                return bulkId;
            },
            cancellationToken);

    public async Task<StoredJob?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync((context, token) => context.Jobs.SingleOrDefaultAsync(j => j.Id == id, token), cancellationToken);
        return row is null ? null : JobRows.Job(row);
    }

    public async Task<IReadOnlyList<StoredJob>> FindManyAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        var wanted = ids.Distinct().ToArray();
        var rows = await database.ReadAsync(
            (context, token) => context.Jobs.Where(j => wanted.Contains(j.Id)).OrderBy(j => j.Number).ToListAsync(token), cancellationToken);
        return rows.ConvertAll(JobRows.Job);
    }

    public async Task<JobPage> SearchAsync(JobQuery query, CancellationToken cancellationToken)
    {
        var after = JobPageToken.Read(query.Next);
        string?[] texts = [query.RequestedBy, query.Type, query.ConnectionKey];
        if (!texts.All(t => t is null || StorableText.Is(t))) return new JobPage([], null);
        var size = Math.Clamp(query.Size, 1, MaxSize);
        var rows = await database.ReadAsync(
            (context, token) => JobQueries.Matching(context, query, after).Take(size + 1).ToListAsync(token), cancellationToken);
        var page = rows.Take(size).ToList();
        return new JobPage(page.ConvertAll(JobRows.Job), rows.Count > size ? JobPageToken.After(page[^1]) : null);
    }

    public async Task<IReadOnlyDictionary<JobState, long>> SummaryAsync(string? requestedBy, CancellationToken cancellationToken)
    {
        if (requestedBy is not null && !StorableText.Is(requestedBy)) return new Dictionary<JobState, long>();
        return await database.ReadAsync(
            (context, token) => context.Jobs
                .Where(j => requestedBy == null || j.RequestedBy == requestedBy)
                .GroupBy(j => j.State)
                .Select(g => new { State = g.Key, Count = g.LongCount() })
                .ToDictionaryAsync(g => g.State, g => g.Count, token),
            cancellationToken);
    }

    public async Task<IReadOnlyList<Guid>> RunnableConnectionsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.ReadAsync((context, token) => JobQueries.Runnable(context, now).ToListAsync(token), cancellationToken);

    public async Task<IReadOnlySet<Guid>> LookedAtAsync(DateTimeOffset since, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        var connections = await database.ReadAsync((context, token) => JobQueries.LookedAt(context, since, types).ToListAsync(token), cancellationToken);
        return connections.OfType<Guid>().ToHashSet();
    }

    public Task<StoredJob?> ClaimAsync(WriteFence fence, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);
                var row = await JobQueries.LeftActive(context, fence).AsTracking().FirstOrDefaultAsync(token)
                    ?? await JobQueries.Due(context, fence.ConnectionId, now).AsTracking().FirstOrDefaultAsync(token);
                if (row is null) return null;
                row.State = JobState.Active;
                row.ClaimedEpoch = fence.Epoch;
                row.Attempts++;
                row.StartedAt ??= now;
                await context.SaveChangesAsync(token);
                return JobRows.Job(row);
            },
            cancellationToken);

    // Nothing rests on it: it waits neither for those who write the connection's catalog nor for the disk.
    public Task<bool> ProgressAsync(WriteFence fence, Guid id, int done, int total, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var isStopped = await context.QueryAsync(
                    $"""
                    {context.Dialect.CommitWithoutWaiting}
                    UPDATE jobs SET progress_done = @done, progress_total = @total
                    WHERE id = @id AND connection_id = @connection AND state = @active
                        AND EXISTS (SELECT 1 FROM connections c WHERE c.id = @connection AND c.lease_epoch = @epoch)
                    RETURNING cancel_requested
                    """,
                    static row => row.GetBoolean(0), token, ("@id", id), ("@connection", fence.ConnectionId), ("@epoch", fence.Epoch),
                    ("@active", (int)JobState.Active), ("@done", done), ("@total", total));
                if (isStopped.Count > 0) return isStopped[0];
                await context.CheckAsync(fence, token);
                return true;
            },
            cancellationToken);

    public Task CompleteAsync(
        WriteFence fence, Guid id, string? outputJson, IReadOnlyList<long> read, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                if (await EndAsync(context, fence, id, JobState.Completed, outputJson, null, at, token))
                    await ObjectSyncs.RecordAsync(context, fence.ConnectionId, read, at, token);
            },
            cancellationToken);

    public Task GiveUpAsync(WriteFence fence, Guid id, JobState state, string? error, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (state is not (JobState.Failed or JobState.Cancelled))
            throw new ArgumentOutOfRangeException(nameof(state), state, "A job that is given up has failed or was cancelled.");
        return database.WriteAsync(
            async (context, token) =>
            {
                if (await EndAsync(context, fence, id, state, null, error, at, token)) await ConnectionStates.SettleAsync(context, token);
            },
            cancellationToken);
    }

    public Task<bool> RetryAsync(WriteFence fence, Guid id, DateTimeOffset dueAt, string error, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);

                // One statement, which looks at the request itself: one at the same moment comes before it or finds the job waiting.
                return await context.Jobs
                    .Where(j => j.Id == id && j.ConnectionId == fence.ConnectionId && j.State == JobState.Active && !j.CancelRequested)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(j => j.State, JobState.Retry)
                            .SetProperty(j => j.Failures, j => j.Failures + 1)
                            .SetProperty(j => j.DueAt, dueAt)
                            .SetProperty(j => j.Error, error),
                        token) > 0;
            },
            cancellationToken);

    public Task<bool> RequestCancelAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            // One statement, which looks at the state itself: a claim at the same moment comes before it or after it.
            async (context, token) =>
            {
                var told = await context.Jobs.Where(j => j.Id == id).Where(JobQueries.IsUnfinished).ExecuteUpdateAsync(
                    set => set.SetProperty(j => j.CancelRequested, true)
                        .SetProperty(j => j.FinishedAt, j => j.State == JobState.Active ? null : at)
                        .SetProperty(j => j.State, j => j.State == JobState.Active ? JobState.Active : JobState.Cancelled),
                    token);
                await ConnectionStates.SettleAsync(context, token);
                return told > 0;
            },
            cancellationToken);

    public Task SweepAsync(DateTimeOffset now, DateTimeOffset keepSince, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var expired = await JobQueries.Expired(context, now).ExecuteUpdateAsync(
                    set => set.SetProperty(j => j.State, JobState.Expired).SetProperty(j => j.FinishedAt, now), token);
                if (expired > 0) await ConnectionStates.SettleAsync(context, token);
                await JobQueries.EndedBefore(context, keepSince).ExecuteDeleteAsync(token);
            },
            cancellationToken);

    private static async Task<Guid> AddOrJoinAsync(SluiceContext context, NewJob job, CancellationToken cancellationToken)
    {
        if (await context.LockAsync(job.ConnectionId, cancellationToken)) return await JobRows.AddOrJoinAsync(context, job, cancellationToken);
        await JobRows.AddCancelledAsync(context, job, cancellationToken);
        return job.BulkId;
    }

    /// <summary>Ends a job; false when it runs no more.</summary>
    private static async Task<bool> EndAsync(
        SluiceContext context, WriteFence fence, Guid id, JobState state, string? outputJson, string? error, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        if (await RunningAsync(context, fence, id, cancellationToken) is not { } row) return false;
        row.State = state;
        row.Output = outputJson;
        row.Error = error;
        row.FinishedAt = at;
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>The job, if it still runs.</summary>
    private static async Task<JobRow?> RunningAsync(SluiceContext context, WriteFence fence, Guid id, CancellationToken cancellationToken)
    {
        await context.CheckAsync(fence, cancellationToken);
        return await context.Jobs.AsTracking().SingleOrDefaultAsync(
            j => j.Id == id && j.ConnectionId == fence.ConnectionId && j.State == JobState.Active, cancellationToken);
    }
}
