using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Jobs;

/// <summary>Between a job and its row, and what other stores do with jobs in their own transactions.</summary>
internal static class JobRows
{
    /// <summary>The type that reads everything: a connection's first ends its creation.</summary>
    public const string Crawl = "crawl";

    /// <summary>The type that takes from a platform who queried what.</summary>
    public const string QueryAudit = "queryAudit";

    private const string ConnectionDeleted = "The connection was deleted.";

    /// <summary>Adds a job that waits.</summary>
    public static async Task AddAsync(SluiceContext context, NewJob job, CancellationToken cancellationToken)
    {
        context.Jobs.Add(Row(job));
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>
    /// Adds a job, or leaves it to its like that waits for its first run. The connection's row is locked, and a claim locks it too: what waits
    /// now begins later.
    /// </summary>
    /// <returns>The bulk of the job that will run.</returns>
    public static async Task<Guid> AddOrJoinAsync(SluiceContext context, NewJob job, CancellationToken cancellationToken)
    {
        var added = Row(job);
        var waiting = await context.Jobs.AsTracking()
            .Where(j => j.ConnectionId == job.ConnectionId && j.State == JobState.Created && j.ExpiresAt > job.CreatedAt)
            .Where(j => j.Type == added.Type && j.Path == added.Path && j.RequestedBy == added.RequestedBy)
            .OrderBy(j => j.Number)
            .FirstOrDefaultAsync(cancellationToken);
        if (waiting is null) context.Jobs.Add(added);
        else waiting.ExpiresAt = added.ExpiresAt;
        await context.SaveChangesAsync(cancellationToken);
        return (waiting ?? added).BulkId;
    }

    /// <summary>Adds a job of a connection that is gone.</summary>
    public static async Task AddCancelledAsync(SluiceContext context, NewJob job, CancellationToken cancellationToken)
    {
        var row = Row(job);
        row.ConnectionId = null;
        row.State = JobState.Cancelled;
        row.FinishedAt = job.CreatedAt;
        row.Error = ConnectionDeleted;
        context.Jobs.Add(row);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The connection goes: its jobs stay for those who ask, and none of them runs any more.</summary>
    public static async Task LeaveConnectionAsync(SluiceContext context, Guid connectionId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var jobs = context.Jobs.Where(j => j.ConnectionId == connectionId);
        await context.CrawlUnits.Where(u => jobs.Select(j => j.Id).Contains(u.JobId)).ExecuteDeleteAsync(cancellationToken);
        await jobs.Where(JobQueries.IsUnfinished).ExecuteUpdateAsync(
            set => set.SetProperty(j => j.State, JobState.Cancelled)
                .SetProperty(j => j.FinishedAt, at)
                .SetProperty(j => j.Error, ConnectionDeleted),
            cancellationToken);
        await jobs.ExecuteUpdateAsync(set => set.SetProperty(j => j.ConnectionId, (Guid?)null), cancellationToken);
    }

    public static StoredJob Job(JobRow row) => new()
    {
        Id = row.Id,
        BulkId = row.BulkId,
        ConnectionId = row.ConnectionId,
        Type = row.Type,
        Path = PathOf(row),
        State = row.State,
        ProgressDone = row.ProgressDone,
        ProgressTotal = row.ProgressTotal,
        Attempts = row.Attempts,
        Failures = row.Failures,
        OutputJson = row.Output,
        Error = row.Error,
        RequestedBy = row.RequestedBy,
        IsCancelRequested = row.CancelRequested,
        CreatedAt = row.CreatedAt,
        DueAt = row.DueAt,
        StartedAt = row.StartedAt,
        FinishedAt = row.FinishedAt,
        ExpiresAt = row.ExpiresAt,
    };

    public static ObjectPath PathOf(JobRow row) => new(JsonSerializer.Deserialize<string[]>(row.Path)!);

    private static JobRow Row(NewJob job) => new()
    {
        Id = job.Id,
        BulkId = job.BulkId,
        ConnectionId = job.ConnectionId,
        ConnectionKeyNormalized = ConnectionKey.Normalized(job.Path.ConnectionKey),
        Type = job.Type,
        Path = JsonSerializer.Serialize(job.Path.Names),
        Depth = job.Path.Depth,
        State = JobState.Created,
        RequestedBy = job.RequestedBy,
        CreatedAt = job.CreatedAt,
        DueAt = job.CreatedAt,
        ExpiresAt = job.ExpiresAt,
    };
}
