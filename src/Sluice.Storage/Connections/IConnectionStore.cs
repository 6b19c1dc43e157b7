using Sluice.Core.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Connections;

/// <summary>How adding or updating a connection ended.</summary>
public enum ConnectionWriteOutcome
{
    /// <summary>Written.</summary>
    Done,

    /// <summary>The key is taken (ignoring case).</summary>
    KeyTaken,

    /// <summary>Another connection stands for the same platform.</summary>
    IdentityTaken,

    /// <summary>The connection is gone.</summary>
    NotFound,

    /// <summary>Somebody else has updated it since it was read.</summary>
    RevisionChanged,
}

/// <summary>The outcome, and the connection it collided with.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="ConflictingKey">The key of the connection that holds the key or the identity.</param>
public sealed record ConnectionWrite(ConnectionWriteOutcome Outcome, string? ConflictingKey = null);

/// <summary>What an update replaces; null members stay as they are.</summary>
public sealed record ConnectionUpdate
{
    /// <summary>The new document with its authentication type and destination, and every secret it needs (all are replaced); null: unchanged.</summary>
    public ConnectionDocument? Document { get; init; }

    /// <summary>The new complete settings as JSON text.</summary>
    public string? SettingsJson { get; init; }

    /// <summary>The root's new override (<c>settings.isActive</c>).</summary>
    public bool? IsActive { get; init; }

    /// <summary>The new options.</summary>
    public CrawlOptions? Options { get; init; }

    /// <summary>The new checks as JSON text.</summary>
    public string? ChecksJson { get; init; }

    /// <summary>When the next object sync is due.</summary>
    public DateTimeOffset? NextSyncAt { get; init; }
}

/// <summary>A connection's document with what belongs to it.</summary>
/// <param name="AuthenticationType">The documented type.</param>
/// <param name="DocumentJson">Without secrets.</param>
/// <param name="IntegrationJson">The <c>nativeIntegration</c>, likewise; null on a platform that has none.</param>
/// <param name="SecretDestination">Where the secrets go.</param>
/// <param name="Secrets">All of them, sealed.</param>
/// <param name="IdentityKey">What the platform said it is.</param>
/// <param name="IdentityName">The same for people.</param>
public sealed record ConnectionDocument(
    string AuthenticationType, string DocumentJson, string? IntegrationJson, string SecretDestination, IReadOnlyList<SealedSecret> Secrets, string IdentityKey, string IdentityName);

/// <summary>A state and why.</summary>
/// <param name="Status">The state.</param>
/// <param name="Reason">Where there is something to say.</param>
public sealed record ConnectionHealth(ConnectionStatus Status, string? Reason);

/// <summary>Connections, their secrets, and the leases of their writers.</summary>
public interface IConnectionStore
{
    /// <summary>By key, ignoring case; null when there is none.</summary>
    Task<StoredConnection?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>By id.</summary>
    Task<StoredConnection?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>All, by key.</summary>
    Task<IReadOnlyList<StoredConnection>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a new connection, its root object (name = key, kind Connection, override = <paramref name="isActive"/>), its secrets and its first
    /// job in one transaction, or nothing. <see cref="StoredConnection.RootObjectId"/> of the argument is ignored and assigned.
    /// </summary>
    Task<ConnectionWrite> AddAsync(
        StoredConnection connection, bool isActive, IReadOnlyList<SealedSecret> secrets, NewJob? firstJob, CancellationToken cancellationToken);

    /// <summary>Updates in one transaction, with a job to run after it, or nothing.</summary>
    Task<ConnectionWrite> UpdateAsync(
        Guid id, long expectedRevision, ConnectionUpdate update, Actor by, NewJob? job, CancellationToken cancellationToken);

    /// <summary>Records a state; the revision does not change.</summary>
    Task SetStatusAsync(WriteFence fence, ConnectionStatus status, string? reason, DateTimeOffset? nextSyncAt, CancellationToken cancellationToken);

    /// <summary>Records the checks that were made again, and the state they lead to; the revision does not change.</summary>
    /// <param name="fence">The writer's.</param>
    /// <param name="checksJson">As <see cref="StoredConnection.ChecksJson"/>.</param>
    /// <param name="health">Null: the state stays.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task RecordChecksAsync(WriteFence fence, string checksJson, ConnectionHealth? health, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a connection with everything that hangs on it in one transaction. Its jobs stay, without connection; unfinished ones become
    /// cancelled. So do the grants that were taken away and not put back, for a person to put back. Returns how many objects lay below the root, or null when it is gone.
    /// </summary>
    /// <exception cref="StaleRevisionException">It has none of the revisions asked for.</exception>
    Task<long?> DeleteAsync(Guid id, IReadOnlyList<long>? ifRevision, Actor by, CancellationToken cancellationToken);

    /// <summary>The same as the end of a job of the connection, which is completed with it.</summary>
    /// <param name="fence">The worker's lease.</param>
    /// <param name="jobId">The job that runs under it.</param>
    /// <param name="outputJson">What it did.</param>
    /// <param name="by">Who asked for it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StaleWriterException">The lease is another's.</exception>
    Task<long?> DeleteAsync(WriteFence fence, Guid jobId, string outputJson, Actor by, CancellationToken cancellationToken);

    /// <summary>The sealed secrets.</summary>
    Task<IReadOnlyList<SealedSecret>> SecretsAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Takes the lease: every earlier fence is stale from now on. Null when the connection is gone.</summary>
    Task<WriteFence?> TakeLeaseAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a scheduled sync's job and moves the schedule on in one transaction, so that a sync that is cancelled or fails does not come back at once.
    /// Nothing happens when the connection is gone.
    /// </summary>
    Task ScheduleSyncAsync(Guid id, DateTimeOffset nextSyncAt, NewJob job, CancellationToken cancellationToken);

    /// <summary>The connections whose scheduled sync is due and that have no unfinished crawl of the whole connection.</summary>
    Task<IReadOnlyList<Guid>> DueForSyncAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
