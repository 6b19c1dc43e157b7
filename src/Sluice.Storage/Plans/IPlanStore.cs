using Sluice.Core.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Plans;

/// <summary>How a plan stands. The numbers are stored: never renumber.</summary>
public enum PlanState
{
    /// <summary>Nobody has applied it.</summary>
    Proposed = 0,

    /// <summary>It takes away or uncovers so much that somebody has to confirm it.</summary>
    Held = 1,

    /// <summary>Somebody wants it applied.</summary>
    Applying = 2,

    /// <summary>Every change was made.</summary>
    Applied = 3,

    /// <summary>Some changes could not be made.</summary>
    Failed = 4,

    /// <summary>What it was made from is not so any more: nothing of it was done.</summary>
    Stale = 5,
}

/// <summary>A plan as stored.</summary>
public sealed record StoredPlan
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>How it stands.</summary>
    public required PlanState State { get; init; }

    /// <summary>Why, where there is something to say.</summary>
    public string? StateReason { get; init; }

    /// <summary>Equal digests: the same plan.</summary>
    public required byte[] Digest { get; init; }

    /// <summary>The access revision it was computed at.</summary>
    public required long AccessRevision { get; init; }

    /// <summary>How many changes it has.</summary>
    public required int ChangeCount { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public required Actor CreatedBy { get; init; }

    /// <summary>When its apply ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>A grant of somebody else's that was taken away, and what puts it back.</summary>
public sealed record RemovedGrant(
    Guid Id, Guid ConnectionId, Guid PlanId, ObjectPath Object, string Grantee, string Privilege, string Restore, string? MadeBy, DateTimeOffset RemovedAt, DateTimeOffset? RestoredAt);

/// <summary>How far a connection's enforcement is.</summary>
/// <param name="ReconciledRevision">The access revision that the platform was last brought to.</param>
/// <param name="ReconciledAt">When.</param>
/// <param name="DueAt">When it has to be looked at again though nothing changes here.</param>
/// <param name="SettledAt">The moment of which it was last seen, or made, to be what was asked for, with nothing left to do; null: never yet.</param>
/// <param name="Failure">Why the last try came to nothing; null after one that did not.</param>
public sealed record StoredEnforcement(
    long ReconciledRevision, DateTimeOffset? ReconciledAt, DateTimeOffset? DueAt, DateTimeOffset? SettledAt, string? Failure = null);

/// <summary>Plans, what they took away, and how far enforcement is.</summary>
public interface IPlanStore
{
    /// <summary>The number that grows with every change of people, policies, tags and subscriptions.</summary>
    Task<long> AccessRevisionAsync(CancellationToken cancellationToken);

    /// <summary>Adds a plan with its document, JSON text that may be long.</summary>
    Task AddAsync(StoredPlan plan, string documentJson, CancellationToken cancellationToken);

    /// <summary>The document of a plan; null when there is no such plan.</summary>
    Task<string?> DocumentAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>One plan.</summary>
    Task<StoredPlan?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>A connection's plans, newest first: those in a state, or all.</summary>
    Task<IReadOnlyList<StoredPlan>> OfConnectionAsync(Guid connectionId, PlanState? state, int size, CancellationToken cancellationToken);

    /// <summary>Changes the state of a plan that is in one of these states; false when it is in another.</summary>
    Task<bool> MoveAsync(Guid id, IReadOnlyList<PlanState> from, PlanState to, string? reason, Actor by, CancellationToken cancellationToken);

    /// <summary>Deletes plans that ended before then, and those that nobody had applied since. What they changed stays in the audit trail.</summary>
    /// <returns>How many.</returns>
    Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Keeps grants that were taken away, before they are.</summary>
    Task AddRemovedAsync(IReadOnlyList<RemovedGrant> grants, CancellationToken cancellationToken);

    /// <summary>A connection's grants that were taken away and not put back.</summary>
    Task<IReadOnlyList<RemovedGrant>> RemovedAsync(Guid connectionId, CancellationToken cancellationToken);

    /// <summary>The same by the connection's key, ignoring case; of connections of the key that were deleted too.</summary>
    Task<IReadOnlyList<RemovedGrant>> RemovedAsync(string connectionKey, CancellationToken cancellationToken);

    /// <summary>Grants by their ids, those that were put back too; unknown ids are left out.</summary>
    Task<IReadOnlyList<RemovedGrant>> RemovedAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Records that grants were put back.</summary>
    Task RestoredAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken);

    /// <summary>How far a connection is; null when it never was reconciled.</summary>
    Task<StoredEnforcement?> EnforcementAsync(Guid connectionId, CancellationToken cancellationToken);

    /// <summary>Records how far it is.</summary>
    Task RecordAsync(WriteFence fence, StoredEnforcement enforcement, CancellationToken cancellationToken);

    /// <summary>Records that a try came to nothing, and when the next may be.</summary>
    Task RecordFailureAsync(WriteFence fence, string reason, DateTimeOffset notBefore, CancellationToken cancellationToken);

    /// <summary>Has a connection's platform read anew by its next reconcile, at once.</summary>
    Task MakeDueAsync(Guid connectionId, CancellationToken cancellationToken);

    /// <summary>Connections whose platform is behind the access revision, or whose time has come.</summary>
    Task<IReadOnlyList<Guid>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
