using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;
using Sluice.Storage.Audit;

namespace Sluice.Storage.QueryAudit;

/// <summary>Which query events.</summary>
public sealed record QuerySearch
{
    /// <summary>Only this connection's, which may be gone.</summary>
    public Guid? ConnectionId { get; init; }

    /// <summary>Only those of a person, by id or username.</summary>
    public string? Person { get; init; }

    /// <summary>Only those of an identity on the platform, in its spelling.</summary>
    public string? Identity { get; init; }

    /// <summary>Only those of an identity, or of a person by id or username.</summary>
    public string? Actor { get; init; }

    /// <summary>Only those that read or wrote this object or one below it.</summary>
    public ObjectPath? Object { get; init; }

    /// <summary>Not begun before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Begun before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>0-based.</summary>
    public int Offset { get; init; }

    /// <summary>At most 1,000.</summary>
    public int Size { get; init; } = 50;
}

/// <summary>An entry of both trails together: one of the two.</summary>
public sealed record TimelineEntry(AuditRow? Own, StoredQuery? Query);

/// <summary>A page of both trails, newest first.</summary>
public sealed record TimelinePage(long Count, IReadOnlyList<TimelineEntry> Hits);

/// <summary>Who queried what on the platforms: taken from them once, and kept for a time; what a platform shows later of the objects is added.</summary>
public interface IQueryAuditStore
{
    /// <summary>How far a source of a connection was taken; null: not yet.</summary>
    Task<FeedCursor?> CursorAsync(Guid connectionId, string source, CancellationToken cancellationToken);

    /// <summary>Those of some ids that were taken.</summary>
    Task<IReadOnlySet<string>> TakenAsync(Guid connectionId, string source, IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken);

    /// <summary>What was taken of the objects of some events; those that were not taken are left out.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<QueriedObject>>> ObjectsAsync(
        Guid connectionId, string source, IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken);

    /// <summary>Every identity of a connection, as it is or was spelled here: those on record and those of now.</summary>
    Task<IReadOnlyList<string>> IdentitiesAsync(Guid connectionId, CancellationToken cancellationToken);

    /// <summary>Who used identities, at any time on record, and who does now.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="identities">In the spelling of here.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyDictionary<string, (IReadOnlyList<IdentityHolding> History, IReadOnlyList<IdentityHolding> Now)>> HoldersAsync(
        Guid connectionId, IReadOnlyCollection<string> identities, CancellationToken cancellationToken);

    /// <summary>Stores events and the cursor together.</summary>
    /// <param name="fence">The connection's writer.</param>
    /// <param name="connectionKey">The connection's key.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="events">New ones.</param>
    /// <param name="cursor">How far the source is taken with them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task RecordAsync(
        WriteFence fence, string connectionKey, string source, IReadOnlyList<TakenQuery> events, FeedCursor cursor, CancellationToken cancellationToken);

    /// <summary>
    /// Adds objects and columns to events that were taken; what is there stays, so that adding twice is adding once. An event that is not there is left out. Before the
    /// cursor moves on: what is lost on the way is shown again.
    /// </summary>
    /// <param name="fence">The connection's writer.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="grown">The events with the objects that were shown since, and their policies.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task GrowAsync(WriteFence fence, string source, IReadOnlyList<TakenQuery> grown, CancellationToken cancellationToken);

    /// <summary>A page.</summary>
    Task<QueryPage> SearchAsync(QuerySearch search, CancellationToken cancellationToken);

    /// <summary>A page of both trails.</summary>
    /// <param name="own">Which of our own events; null: none.</param>
    /// <param name="queries">Which query events; null: none.</param>
    /// <param name="offset">0-based.</param>
    /// <param name="size">At most 1,000.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<TimelinePage> TimelineAsync(AuditQuery? own, QuerySearch? queries, int offset, int size, CancellationToken cancellationToken);

    /// <summary>Events in the order of connections and of their numbers: those after one, at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<StoredQuery>> ReadAsync(Guid connectionId, long after, int size, CancellationToken cancellationToken);

    /// <summary>The connections that have events, those that are gone included, with the number of the last one.</summary>
    Task<IReadOnlyList<(Guid ConnectionId, long Sequence)>> StreamsAsync(CancellationToken cancellationToken);

    /// <summary>Deletes some events that ended before then. No feed asks for what is older any more, so that none of them is taken for new.</summary>
    /// <returns>How many; fewer than <paramref name="most"/> when no more are left.</returns>
    Task<int> PruneAsync(DateTimeOffset before, int most, CancellationToken cancellationToken);
}
