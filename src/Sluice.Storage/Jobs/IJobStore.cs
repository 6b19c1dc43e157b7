using Sluice.Storage.Connections;

namespace Sluice.Storage.Jobs;

/// <summary>Which jobs.</summary>
public sealed record JobQuery
{
    /// <summary>Only this requester's; null: everyone's.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Only these states.</summary>
    public IReadOnlyList<JobState>? States { get; init; }

    /// <summary>Only this type.</summary>
    public string? Type { get; init; }

    /// <summary>Only this connection's, by key.</summary>
    public string? ConnectionKey { get; init; }

    /// <summary>Only this bulk's.</summary>
    public Guid? BulkId { get; init; }

    /// <summary>Opaque: where the page before ended.</summary>
    public string? Next { get; init; }

    /// <summary>At most 1,000.</summary>
    public int Size { get; init; } = 50;
}

/// <summary>A page of jobs, newest first.</summary>
public sealed record JobPage(IReadOnlyList<StoredJob> Jobs, string? Next);

/// <summary>Background jobs: rows that survive a restart.</summary>
public interface IJobStore
{
    /// <summary>Adds a job that waits.</summary>
    Task AddAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a job, unless one of the same type for the same object, asked for by the same, still waits for its first run: that one does what
    /// both want, for it reads the platform later than either was asked for.
    /// </summary>
    /// <returns>The bulk of the job that will run.</returns>
    Task<Guid> AddOrJoinAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>The same for a job that somebody asks for, with its event.</summary>
    Task<Guid> AskAsync(NewJob job, Actor by, CancellationToken cancellationToken);

    /// <summary>One job.</summary>
    Task<StoredJob?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Several by id; unknown ids are left out.</summary>
    Task<IReadOnlyList<StoredJob>> FindManyAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>A page.</summary>
    Task<JobPage> SearchAsync(JobQuery query, CancellationToken cancellationToken);

    /// <summary>How many are in each state; states without a job are left out.</summary>
    Task<IReadOnlyDictionary<JobState, long>> SummaryAsync(string? requestedBy, CancellationToken cancellationToken);

    /// <summary>Connections that have a job to run: due, or active from a writer that is gone.</summary>
    Task<IReadOnlyList<Guid>> RunnableConnectionsAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Connections that had a job of the whole connection lately, of one of these types: asked for since then, or not ended yet.</summary>
    Task<IReadOnlySet<Guid>> LookedAtAsync(DateTimeOffset since, IReadOnlyList<string> types, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the connection's next job: one left active by an earlier writer first, then the oldest that is due. It becomes active with one
    /// more attempt. Null when there is none.
    /// </summary>
    Task<StoredJob?> ClaimAsync(WriteFence fence, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Records progress; returns whether someone asked to stop.</summary>
    Task<bool> ProgressAsync(WriteFence fence, Guid id, int done, int total, CancellationToken cancellationToken);

    /// <summary>Ends a job that did what it was asked for.</summary>
    /// <param name="fence">The writer's.</param>
    /// <param name="id">The job.</param>
    /// <param name="outputJson">What it did.</param>
    /// <param name="read">The objects it has crawled, each with everything below.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task CompleteAsync(WriteFence fence, Guid id, string? outputJson, IReadOnlyList<long> read, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Ends a job that did not: failed or cancelled.</summary>
    Task GiveUpAsync(WriteFence fence, Guid id, JobState state, string? error, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Puts a job back for another try, with one more failure. False, with nothing written, when someone asked to stop it.</summary>
    Task<bool> RetryAsync(WriteFence fence, Guid id, DateTimeOffset dueAt, string error, CancellationToken cancellationToken);

    /// <summary>Asks to stop: a waiting job is cancelled at once, a running one is told. False when it is gone or ended.</summary>
    Task<bool> RequestCancelAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Expires waiting jobs whose time ran out; deletes ended ones (with their crawl units) older than <paramref name="keepSince"/>.</summary>
    Task SweepAsync(DateTimeOffset now, DateTimeOffset keepSince, CancellationToken cancellationToken);
}
