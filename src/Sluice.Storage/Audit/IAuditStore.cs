using Sluice.Core.Audit;
using Sluice.Core.Catalog;

namespace Sluice.Storage.Audit;

/// <summary>Which events.</summary>
public sealed record AuditQuery
{
    /// <summary>Only this stream's.</summary>
    public AuditStream? Stream { get; init; }

    /// <summary>Only this action and those below it: <c>apiKey</c> finds <c>apiKey.made</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Only this actor's, by id or name.</summary>
    public string? Actor { get; init; }

    /// <summary>Only what concerns this object or one below it.</summary>
    public ObjectPath? Object { get; init; }

    /// <summary>Only what concerns this person.</summary>
    public string? Person { get; init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>0-based.</summary>
    public int Offset { get; init; }

    /// <summary>At most 1,000.</summary>
    public int Size { get; init; } = 50;
}

/// <summary>A page of events, newest first.</summary>
public sealed record AuditPage(long Count, IReadOnlyList<AuditRow> Hits);

/// <summary>The audit trail: rows are added, and deleted for their age, never changed.</summary>
public interface IAuditStore
{
    /// <summary>Appends events that go with no change here: what is about to be done to a platform, and how it ended. Thousands at once are fine.</summary>
    Task AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken);

    /// <summary>A page.</summary>
    Task<AuditPage> SearchAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>Rows of a stream in order: those after one, at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<AuditRow>> ReadAsync(AuditStream stream, long after, int size, CancellationToken cancellationToken);

    /// <summary>Where every stream ends; streams of which there are only rows or checkpoints left are told too, as ending at 0.</summary>
    Task<IReadOnlyList<AuditHead>> HeadsAsync(CancellationToken cancellationToken);

    /// <summary>A stream's checkpoints in order.</summary>
    Task<IReadOnlyList<AuditCheckpoint>> CheckpointsAsync(AuditStream stream, CancellationToken cancellationToken);

    /// <summary>The newest checkpoint of each stream.</summary>
    Task<IReadOnlyList<AuditCheckpoint>> LatestCheckpointsAsync(CancellationToken cancellationToken);

    /// <summary>Adds a checkpoint; nothing happens when there is one of this row already.</summary>
    Task AddCheckpointAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>Deletes a stream's rows up to a checkpoint, with a row that says so.</summary>
    Task PruneAsync(AuditCheckpoint through, AuditEvent record, CancellationToken cancellationToken);
}
