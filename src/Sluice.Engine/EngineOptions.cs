using Sluice.Engine.Auditing;
using Sluice.Engine.QueryAudit;

namespace Sluice.Engine;

/// <summary>How the engine runs.</summary>
public sealed record EngineOptions
{
    /// <summary>Containers a crawl reads at once, per connection. Default 8.</summary>
    public int CrawlConcurrency { get; init; } = 8;

    /// <summary>How often due jobs and syncs are looked for when nobody announced any. Default 5 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often changes of people, policies, tags and subscriptions are looked for, to be enforced, and while a plan is applied those of its connection's settings.
    /// Default 1 s; never more seldom than due jobs.
    /// </summary>
    public TimeSpan ChangePollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often active objects are looked at for new and changed columns. Default 15 minutes.</summary>
    public TimeSpan ColumnCheckEvery { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often a connection's checks are made again. Default 1 hour.</summary>
    public TimeSpan HealthCheckEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often what a platform grants is compared with what the policies ask for though nothing has changed here. Default 1 hour.</summary>
    public TimeSpan DriftCheckEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>When changes that a platform refused are tried again. Default 1 minute.</summary>
    public TimeSpan RetryFailedChangesAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>When a reconcile that failed for good is tried again. Default 5 minutes.</summary>
    public TimeSpan ReconcileAgainAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After how long a plan that waits for a confirmation is an error in the log. Default 24 hours.</summary>
    public TimeSpan HeldPlanAlertAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Failed runs of a job before it fails for good. Default 8: the pauses between them add up to a quarter of an hour on average, half an hour at most.
    /// </summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>Runs of a job altogether, those included that a stop or a crash of the server ended. A job that kills its server ends here. Default 100.</summary>
    public int MaxRuns { get; init; } = 100;

    /// <summary>The first pause before a retry; doubles each time, with full jitter. Default 20 s.</summary>
    public TimeSpan RetryBaseDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest pause before a retry. Default 10 minutes.</summary>
    public TimeSpan RetryMaxDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>When everything is crawled again after such a crawl has failed for good, unless it is due sooner. Default 1 hour.</summary>
    public TimeSpan SyncAfterFailure { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long ended jobs are kept. Default 30 days.</summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long plans are kept that ended, or that nobody had applied. Default 90 days.</summary>
    public TimeSpan KeepPlans { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How the audit trail is sealed and kept.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>How the platforms' query audit is read and kept.</summary>
    public QueryAuditOptions QueryAudit { get; init; } = new();

    /// <summary>How long a job may wait for its first run. Default 7 days.</summary>
    public TimeSpan ExpireJobsAfter { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a registration may take to reach the platform before it answers 422. Default 8 s: whoever waits has the answer within ten.</summary>
    public TimeSpan RegistrationTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long shutdown waits for the page in hand. Default 20 s.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The cluster's name: silos on this machine with the same name and database form one cluster. Null (the default): a cluster of one, under a
    /// name of its own at every start, so that what a killed process left behind holds nothing up.
    /// </summary>
    public string? ClusterId { get; init; }
}
