using Microsoft.EntityFrameworkCore;
using Sluice.Core.Connections;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Jobs;

internal sealed class JobStore(Database database) : IJobStore
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
            (context, token) =>
            {
                var jobs = Matching(context.Jobs, query);
                if (after is { } token2)
                    jobs = jobs.Where(j => j.CreatedAt < token2.CreatedAt || (j.CreatedAt == token2.CreatedAt && j.Number < token2.Number));
                return jobs.OrderByDescending(j => j.CreatedAt).ThenByDescending(j => j.Number).Take(size + 1).ToListAsync(token);
            },
            cancellationToken);
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
        await database.ReadAsync(
            (context, token) => context.Jobs
                .Where(j => j.ConnectionId != null)
                .Where(j => j.State == JobState.Active
                    || (j.DueAt <= now && (j.State == JobState.Retry || (j.State == JobState.Created && j.ExpiresAt > now))))
                .Select(j => j.ConnectionId!.Value)
                .Distinct()
                .ToListAsync(token),
            cancellationToken);

    public Task<StoredJob?> ClaimAsync(WriteFence fence, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);
                var jobs = context.Jobs.AsTracking().Where(j => j.ConnectionId == fence.ConnectionId);
                var row = await jobs.Where(j => j.State == JobState.Active && j.ClaimedEpoch < fence.Epoch).OrderBy(j => j.Number).FirstOrDefaultAsync(token)
                    ?? await jobs
                        .Where(j => j.DueAt <= now && (j.State == JobState.Retry || (j.State == JobState.Created && j.ExpiresAt > now)))
                        .OrderBy(j => j.DueAt).ThenBy(j => j.Number).FirstOrDefaultAsync(token);
                if (row is null) return null;
                row.State = JobState.Active;
                row.ClaimedEpoch = fence.Epoch;
                row.Attempts++;
                row.StartedAt ??= now;
                await context.SaveChangesAsync(token);
                return JobRows.Job(row);
            },
            cancellationToken);

    public Task<bool> ProgressAsync(WriteFence fence, Guid id, int done, int total, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var row = await RunningAsync(context, fence, id, token);
                if (row is null) return true;
                row.ProgressDone = done;
                row.ProgressTotal = total;
                await context.SaveChangesAsync(token);
                return row.CancelRequested;
            },
            cancellationToken);

    public Task FinishAsync(
        WriteFence fence, Guid id, JobState state, string? outputJson, string? error, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (state is JobState.Created or JobState.Active or JobState.Retry)
            throw new ArgumentOutOfRangeException(nameof(state), state, "A job ends in a state that it stays in.");
        return database.WriteAsync(
            async (context, token) =>
            {
                var row = await RunningAsync(context, fence, id, token);
                if (row is null) return;
                row.State = state;
                row.Output = outputJson;
                row.Error = error;
                row.FinishedAt = at;
                await context.SaveChangesAsync(token);
                if (state == JobState.Completed && row.Type == JobRows.Crawl) await ObjectSyncs.RecordAsync(context, JobRows.PathOf(row), at, token);
            },
            cancellationToken);
    }

    public Task RetryAsync(WriteFence fence, Guid id, DateTimeOffset dueAt, string error, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var row = await RunningAsync(context, fence, id, token);
                if (row is null) return;
                row.State = JobState.Retry;
                row.Failures++;
                row.DueAt = dueAt;
                row.Error = error;
                await context.SaveChangesAsync(token);
            },
            cancellationToken);

    public Task<bool> RequestCancelAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            // One statement, which looks at the state itself: a claim at the same moment comes before it or after it.
            async (context, token) => await context.Jobs
                .Where(j => j.Id == id && (j.State == JobState.Created || j.State == JobState.Retry || j.State == JobState.Active))
                .ExecuteUpdateAsync(
                    set => set.SetProperty(j => j.CancelRequested, true)
                        .SetProperty(j => j.FinishedAt, j => j.State == JobState.Active ? null : at)
                        .SetProperty(j => j.State, j => j.State == JobState.Active ? JobState.Active : JobState.Cancelled),
                    token) > 0,
            cancellationToken);

    public Task SweepAsync(DateTimeOffset now, DateTimeOffset keepSince, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.Jobs.Where(j => j.State == JobState.Created && j.ExpiresAt <= now).ExecuteUpdateAsync(
                    set => set.SetProperty(j => j.State, JobState.Expired).SetProperty(j => j.FinishedAt, now), token);
                var old = context.Jobs.Where(j => j.FinishedAt != null && j.FinishedAt < keepSince);
                await context.CrawlUnitPages.Where(p => old.Any(j => j.Id == p.JobId)).ExecuteDeleteAsync(token);
                await context.CrawlUnits.Where(u => old.Any(j => j.Id == u.JobId)).ExecuteDeleteAsync(token);
                await old.ExecuteDeleteAsync(token);
            },
            cancellationToken);

    /// <summary>The job, if it still runs.</summary>
    private static async Task<JobRow?> RunningAsync(SluiceContext context, WriteFence fence, Guid id, CancellationToken cancellationToken)
    {
        await context.CheckAsync(fence, cancellationToken);
        return await context.Jobs.AsTracking().SingleOrDefaultAsync(
            j => j.Id == id && j.ConnectionId == fence.ConnectionId && j.State == JobState.Active, cancellationToken);
    }

    private static IQueryable<JobRow> Matching(IQueryable<JobRow> jobs, JobQuery query)
    {
        if (query.RequestedBy is { } requestedBy) jobs = jobs.Where(j => j.RequestedBy == requestedBy);
        if (query.States is { } states) jobs = jobs.Where(j => states.Contains(j.State));
        if (query.Type is { } type) jobs = jobs.Where(j => j.Type == type);
        if (query.BulkId is { } bulkId) jobs = jobs.Where(j => j.BulkId == bulkId);
        if (query.ConnectionKey is { } key)
        {
            var normalized = ConnectionKey.Normalized(key);
            jobs = jobs.Where(j => j.ConnectionKeyNormalized == normalized);
        }

        return jobs;
    }
}
