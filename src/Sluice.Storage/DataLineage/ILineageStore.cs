using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Storage.DataLineage;

/// <summary>An edge with when it was first and last seen.</summary>
public sealed record StoredEdge(LineageEdge Edge, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt);

/// <summary>A tag that lineage carries to an object.</summary>
/// <param name="Column">To which of its columns; null: to the object itself.</param>
/// <param name="Tag">Dotted.</param>
/// <param name="Origin">Where it was given.</param>
public sealed record LineageTag(string? Column, string Tag, LineagePoint Origin);

/// <summary>Which edges of those that end at an object.</summary>
/// <param name="From">Those that begin at this object or its columns.</param>
/// <param name="FromColumn">At this column of it alone; null: at any place of it.</param>
/// <param name="Column">Those that end at this column alone; null: at any place of the object.</param>
public sealed record EdgeSelection(ObjectPath From, string? FromColumn, string? Column);

/// <summary>Where data went, and the tags that it took along.</summary>
public interface ILineageStore
{
    /// <summary>Stores what was seen, and how far its source was taken with it.</summary>
    Task RecordAsync(WriteFence fence, string source, IReadOnlyList<LineageSighting> seen, FeedCursor cursor, CancellationToken cancellationToken);

    /// <summary>
    /// Carries the tags of a connection's objects along its edges anew. What changes by it changes who may see what. Suspended ones are told, not stored.
    /// </summary>
    /// <param name="connectionId">Whose.</param>
    /// <param name="isOn">Whether tags go where data went; else none is carried, and the edges stay known.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether anything changed, and what came round a cycle.</returns>
    Task<(bool Changed, IReadOnlyList<SuspendedTag> Suspended)> CarryAsync(Guid connectionId, bool isOn, CancellationToken cancellationToken);

    /// <summary>
    /// Takes edges away: they carry no tags, until data is seen to go along them later than they were last seen. What was carried along them alone is gone at once.
    /// </summary>
    /// <param name="to">The object that they end at.</param>
    /// <param name="which">Which of those.</param>
    /// <param name="isOn">As in <see cref="CarryAsync"/>.</param>
    /// <param name="by">Who takes them away.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many.</returns>
    Task<int> RemoveAsync(StoredObject to, EdgeSelection which, bool isOn, Actor by, CancellationToken cancellationToken);

    /// <summary>The ids of the objects to which a tag was carried that was given at an object, or below it.</summary>
    Task<IReadOnlySet<long>> TaggedFromAsync(StoredObject origin, CancellationToken cancellationToken);

    /// <summary>The tags that are carried to an object and its columns.</summary>
    Task<IReadOnlyList<LineageTag>> TagsAsync(StoredObject of, CancellationToken cancellationToken);

    /// <summary>The edges that begin or end at an object, but for those that were taken away.</summary>
    Task<IReadOnlyList<StoredEdge>> EdgesAsync(ObjectPath at, CancellationToken cancellationToken);
}
