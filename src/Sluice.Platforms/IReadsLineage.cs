using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;

namespace Sluice.Platforms;

/// <summary>A session that reads where data went.</summary>
public interface IReadsLineage
{
    /// <summary>What there is to read; nothing where the connection's lineage is off.</summary>
    IReadOnlyList<QueryAuditSource> LineageSources { get; }

    /// <summary>Reads what a source shows of a window, as it arrives, in any order.</summary>
    /// <param name="connectionKey">The first name of every path.</param>
    /// <param name="source">One of <see cref="LineageSources"/>.</param>
    /// <param name="window">By the source's own time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PlatformException">It can't be read.</exception>
    IAsyncEnumerable<IReadOnlyList<LineageSighting>> ReadLineageAsync(string connectionKey, QueryAuditSource source, FeedWindow window, CancellationToken cancellationToken);
}
