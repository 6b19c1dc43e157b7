using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.DataLineage;

namespace Sluice.Engine.QueryAudit;

/// <inheritdoc cref="ILineageUseCase"/>
internal sealed class LineageUseCase(ICatalogStore catalog, IConnectionStore connections, ILineageStore lineage) : ILineageUseCase
{
    public async Task<IReadOnlyList<StoredEdge>> EdgesAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance, Permission.Audit, Permission.ApplicationAdmin);
        return await lineage.EdgesAsync((await FindAsync(path, cancellationToken)).Path, cancellationToken);
    }

    public async Task<int> RemoveAsync(ObjectPath to, EdgeSelection which, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var found = await FindAsync(to, cancellationToken);
        // What data came from may be gone by now; its edges are not.
        var from = await catalog.FindAsync(which.From, cancellationToken);
        var connection = await connections.FindAsync(found.ConnectionId, cancellationToken);
        return await lineage.RemoveAsync(
            found, which with { From = from?.Path ?? which.From }, QueryAuditSwitch.CarriesTags(connection?.IntegrationJson), caller.AsActor(), cancellationToken);
    }

    private async Task<StoredObject> FindAsync(ObjectPath path, CancellationToken cancellationToken) =>
        await catalog.FindAsync(path, cancellationToken) ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no data object '{path}'.");
}
