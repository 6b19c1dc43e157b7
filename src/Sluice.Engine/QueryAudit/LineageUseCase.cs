using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.Catalog;
using Sluice.Storage.DataLineage;

namespace Sluice.Engine.QueryAudit;

/// <inheritdoc cref="ILineageUseCase"/>
internal sealed class LineageUseCase(ICatalogStore catalog, ILineageStore lineage) : ILineageUseCase
{
    public async Task<IReadOnlyList<StoredEdge>> EdgesAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance, Permission.Audit, Permission.ApplicationAdmin);
        var found = await catalog.FindAsync(path, cancellationToken) ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no data object '{path}'.");
        return await lineage.EdgesAsync(found.Path, cancellationToken);
    }
}
