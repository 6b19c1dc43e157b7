using System.Linq.Expressions;
using Sluice.Core.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Jobs;

/// <summary>
/// The questions about jobs. Ended jobs are kept for weeks and unfinished ones are few, so what is asked every few seconds names its states: an
/// index by state then leads past the ended ones.
/// </summary>
internal static class JobQueries
{
    public static readonly Expression<Func<JobRow, bool>> IsUnfinished =
        j => j.State == JobState.Created || j.State == JobState.Active || j.State == JobState.Retry;

    /// <summary>Connections with a job to run.</summary>
    public static IQueryable<Guid> Runnable(SluiceContext context, DateTimeOffset now) => context.Jobs
        .Where(IsUnfinished)
        .Where(j => j.ConnectionId != null)
        .Where(j => j.State == JobState.Active || (j.DueAt <= now && (j.State == JobState.Retry || j.ExpiresAt > now)))
        .Select(j => j.ConnectionId!.Value)
        .Distinct();

    /// <summary>What an earlier writer of the connection left active, the oldest first.</summary>
    public static IQueryable<JobRow> LeftActive(SluiceContext context, WriteFence fence) => context.Jobs
        .Where(j => j.ConnectionId == fence.ConnectionId && j.State == JobState.Active && j.ClaimedEpoch < fence.Epoch)
        .OrderBy(j => j.Number);

    /// <summary>The connection's jobs that may run, the oldest first.</summary>
    public static IQueryable<JobRow> Due(SluiceContext context, Guid connectionId, DateTimeOffset now) => context.Jobs
        .Where(j => j.ConnectionId == connectionId && (j.State == JobState.Retry || j.State == JobState.Created))
        .Where(j => j.DueAt <= now && (j.State == JobState.Retry || j.ExpiresAt > now))
        .OrderBy(j => j.DueAt).ThenBy(j => j.Number);

    /// <summary>
    /// Connections with a job of the whole connection, of one of these types, that was asked for since then or has not ended, each as often as it has one, and null for those
    /// that were deleted: sorting them out here would lead SQLite to the index of connections, along every job there is.
    /// </summary>
    public static IQueryable<Guid?> LookedAt(SluiceContext context, DateTimeOffset since, IReadOnlyList<string> types)
    {
        var whole = context.Jobs.Where(j => j.Depth == 0 && types.Contains(j.Type));
        return whole.Where(j => j.CreatedAt > since).Select(j => j.ConnectionId).Concat(whole.Where(IsUnfinished).Select(j => j.ConnectionId));
    }

    /// <summary>Waiting jobs whose time ran out.</summary>
    public static IQueryable<JobRow> Expired(SluiceContext context, DateTimeOffset now) =>
        context.Jobs.Where(j => j.State == JobState.Created && j.ExpiresAt <= now);

    /// <summary>Jobs that ended before then.</summary>
    public static IQueryable<JobRow> EndedBefore(SluiceContext context, DateTimeOffset then) =>
        context.Jobs.Where(j => j.FinishedAt != null && j.FinishedAt < then);

    /// <summary>What a person asks for, newest first.</summary>
    public static IQueryable<JobRow> Matching(SluiceContext context, JobQuery query, JobPageToken? after)
    {
        var jobs = context.Jobs.AsQueryable();
        if (query.RequestedBy is { } requestedBy) jobs = jobs.Where(j => j.RequestedBy == requestedBy);
        if (query.States is { } states) jobs = jobs.Where(j => states.Contains(j.State));
        if (query.Type is { } type) jobs = jobs.Where(j => j.Type == type);
        if (query.BulkId is { } bulkId) jobs = jobs.Where(j => j.BulkId == bulkId);
        if (query.ConnectionKey is { } key)
        {
            var normalized = ConnectionKey.Normalized(key);
            jobs = jobs.Where(j => j.ConnectionKeyNormalized == normalized);
        }

        if (after is { } last) jobs = jobs.Where(j => j.CreatedAt < last.CreatedAt || (j.CreatedAt == last.CreatedAt && j.Number < last.Number));
        return jobs.OrderByDescending(j => j.CreatedAt).ThenByDescending(j => j.Number);
    }
}
