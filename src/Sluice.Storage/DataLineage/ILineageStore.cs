using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
using Sluice.Storage.Catalog;

namespace Sluice.Storage.DataLineage;

/// <summary>An edge with when it was first and last seen.</summary>
public sealed record StoredEdge(LineageEdge Edge, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt);

/// <summary>A tag that lineage carries to an object.</summary>
/// <param name="Column">To which of its columns; null: to the object itself.</param>
/// <param name="Tag">Dotted.</param>
/// <param name="Origin">Where it was given.</param>
public sealed record LineageTag(string? Column, string Tag, LineagePoint Origin);

/// <summary>Where data went, and the tags that it took along.</summary>
public interface ILineageStore
{
    /// <summary>Stores what was seen, and how far its source was taken with it.</summary>
    Task RecordAsync(WriteFence fence, string source, IReadOnlyList<LineageSighting> seen, FeedCursor cursor, CancellationToken cancellationToken);

    /// <summary>
    /// Carries the tags of a connection's objects along its edges anew. What changes by it changes who may see what. Suspended ones are told, not stored.
    /// </summary>
    /// <returns>Whether anything changed, and what came round a cycle.</returns>
    Task<(bool Changed, IReadOnlyList<SuspendedTag> Suspended)> CarryAsync(Guid connectionId, CancellationToken cancellationToken);

    /// <summary>The tags that are carried to an object and its columns.</summary>
    Task<IReadOnlyList<LineageTag>> TagsAsync(StoredObject of, CancellationToken cancellationToken);

    /// <summary>The edges that begin or end at an object.</summary>
    Task<IReadOnlyList<StoredEdge>> EdgesAsync(ObjectPath at, CancellationToken cancellationToken);
}
