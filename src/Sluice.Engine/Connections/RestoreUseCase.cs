using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Engine.Jobs;
using Sluice.Storage.Connections;
using Sluice.Storage.History;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Connections;

/// <inheritdoc cref="IRestoreUseCase"/>
internal sealed class RestoreUseCase(IConnectionStore connections, IRestoreStore restores, IJobStore jobs, JobFactory factory, IConnectionWaker waker) : IRestoreUseCase
{
    public async Task<Accepted> ConfirmAsync(string connectionKey, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var connection = await connections.FindAsync(connectionKey, cancellationToken)
            ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no connection '{connectionKey}'.");
        if (!await restores.ConfirmAsync(connection, caller.AsActor(), cancellationToken))
            throw new RequestRefusedException(ErrorCode.WrongState, $"Connection '{connection.Key}' waits for no confirmation: its platform was not seen ahead of this server's database.");
        var bulkId = await jobs.AddOrJoinAsync(factory.Reconcile(connection.Id, connection.Key, caller), cancellationToken);
        await waker.WakeAsync(connection.Id);
        return new Accepted(new ObjectPath(connection.Key), bulkId);
    }
}
