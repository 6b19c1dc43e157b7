using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Storage.DataLineage;

namespace Sluice.Engine.QueryAudit;

/// <summary>Where data went.</summary>
public interface ILineageUseCase
{
    /// <summary>The edges that begin or end at an object or its columns. Needs GOVERNANCE, AUDIT or APPLICATION_ADMIN.</summary>
    Task<IReadOnlyList<StoredEdge>> EdgesAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken);

    /// <summary>
    /// Takes edges away that end at an object: the tags that came along them alone are gone. They come back when data goes along them anew. Needs GOVERNANCE.
    /// </summary>
    /// <returns>How many.</returns>
    Task<int> RemoveAsync(ObjectPath to, EdgeSelection which, Caller caller, CancellationToken cancellationToken);
}
