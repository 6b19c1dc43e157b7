using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Storage.DataLineage;

namespace Sluice.Engine.QueryAudit;

/// <summary>Reads where data went.</summary>
public interface ILineageUseCase
{
    /// <summary>The edges that begin or end at an object or its columns. Needs GOVERNANCE, AUDIT or APPLICATION_ADMIN.</summary>
    Task<IReadOnlyList<StoredEdge>> EdgesAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken);
}
