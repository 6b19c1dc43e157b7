using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Storage.Connections;
using Sluice.Storage.History;

namespace Sluice.Engine.Access;

/// <inheritdoc cref="IAccessHistoryUseCase"/>
internal sealed class AccessHistoryUseCase(IAccessHistory history, IConnectionStore connections) : IAccessHistoryUseCase
{
    public async Task<HistoricAccess> ReadersAsync(ObjectPath path, DateTimeOffset at, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Audit, Permission.Governance);
        // A connection's key is compared ignoring case, and recorded as it was registered.
        if (await connections.FindAsync(path.ConnectionKey, cancellationToken) is { } connection) path = path.WithConnectionKey(connection.Key);
        var access = await history.AtAsync(path, at, cancellationToken);
        return access with
        {
            Readers = [.. access.Readers.Select(static r => r with { Grants = [.. r.Grants.Where(static g => IsReading(g.Privilege))] }).Where(static r => r.Grants.Count > 0)],
        };
    }

    // Every platform spells it so, with the columns after it where it is on some.
    private static bool IsReading(string privilege) => privilege.StartsWith("SELECT", StringComparison.Ordinal) || privilege.StartsWith("ALL", StringComparison.Ordinal);
}
