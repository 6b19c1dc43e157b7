using Microsoft.Extensions.Options;
using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Jobs;

/// <summary>The types of jobs.</summary>
public static class JobTypes
{
    /// <summary>Object sync: reads the platform's catalog from an object down.</summary>
    public const string Crawl = "crawl";

    /// <summary>A crawl of active objects alone, often, so that a new column is seen within minutes.</summary>
    public const string ColumnCheck = "columnCheck";

    /// <summary>The checks of a connection, made again.</summary>
    public const string HealthCheck = "healthCheck";

    /// <summary>Brings the platform to what the policies ask for, or says what keeps it from there.</summary>
    public const string Reconcile = "reconcile";

    /// <summary>Puts back grants of others that were taken away.</summary>
    public const string Restore = "restore";

    /// <summary>Takes back everything of ours, then deletes the connection.</summary>
    public const string Cleanup = "cleanup";

    /// <summary>The same, after it has put back the grants of others that were taken away.</summary>
    public const string CleanupWithRestore = "cleanupWithRestore";

    /// <summary>Takes from the platform who queried what.</summary>
    public const string QueryAudit = "queryAudit";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Crawl, ColumnCheck, HealthCheck, Reconcile, Restore, Cleanup, CleanupWithRestore, QueryAudit];
}

/// <summary>Makes jobs.</summary>
internal sealed class JobFactory(TimeProvider time, IIdSource ids, IOptions<EngineOptions> options)
{
    public NewJob Crawl(Guid connectionId, ObjectPath path, Caller caller) => Make(JobTypes.Crawl, connectionId, path, caller);

    public NewJob ColumnCheck(Guid connectionId, string connectionKey) =>
        Make(JobTypes.ColumnCheck, connectionId, new ObjectPath(connectionKey), Caller.System);

    public NewJob HealthCheck(Guid connectionId, string connectionKey, Caller caller) =>
        Make(JobTypes.HealthCheck, connectionId, new ObjectPath(connectionKey), caller);

    public NewJob Reconcile(Guid connectionId, string connectionKey, Caller caller) =>
        Make(JobTypes.Reconcile, connectionId, new ObjectPath(connectionKey), caller);

    public NewJob QueryAudit(Guid connectionId, string connectionKey, Caller caller) =>
        Make(JobTypes.QueryAudit, connectionId, new ObjectPath(connectionKey), caller);

    /// <summary>The job of a restore has the id of its plan.</summary>
    public NewJob Restore(Guid planId, Guid connectionId, string connectionKey, Caller caller) =>
        Make(JobTypes.Restore, connectionId, new ObjectPath(connectionKey), caller) with { Id = planId };

    public NewJob Cleanup(Guid connectionId, string connectionKey, bool restores, Caller caller) =>
        Make(restores ? JobTypes.CleanupWithRestore : JobTypes.Cleanup, connectionId, new ObjectPath(connectionKey), caller);

    private NewJob Make(string type, Guid connectionId, ObjectPath path, Caller caller)
    {
        var now = time.GetUtcNow();
        return new NewJob
        {
            Id = ids.NewId(),
            BulkId = ids.NewId(),
            ConnectionId = connectionId,
            Type = type,
            Path = path,
            RequestedBy = caller.Id,
            CreatedAt = now,
            ExpiresAt = now + options.Value.ExpireJobsAfter,
        };
    }
}
