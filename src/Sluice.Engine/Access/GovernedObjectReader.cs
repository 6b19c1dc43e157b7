using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Access;

/// <summary>Reads single objects as policies see them.</summary>
internal sealed class GovernedObjectReader(ICatalogStore catalog, IConnectionStore connections, PlatformRegistry platforms)
{
    /// <summary>An object that policies decide about.</summary>
    /// <exception cref="RequestRefusedException">There is none, it is no table or view, or it is not active.</exception>
    public async Task<(StoredObject Stored, GovernedObject Governed)> ReadAsync(ObjectPath path, CancellationToken cancellationToken)
    {
        var found = await catalog.FindAsync(path, cancellationToken) ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no data object '{path}'.");
        if (!found.Kind.IsReadable())
            throw new RequestRefusedException(ErrorCode.WrongState, $"'{found.Path}' is a {found.Kind.ToString().ToLowerInvariant()}: policies decide about tables and views.");
        return (found, await GovernedAsync(found, cancellationToken) ?? throw new RequestRefusedException(
            ErrorCode.WrongState, $"'{found.Path}' is not active, so that no policy decides about it: what the platform grants there is left alone. PUT /data/settings/… activates it."));
    }

    /// <summary>A stored object as policies see it; null when it is not active.</summary>
    public async Task<GovernedObject?> GovernedAsync(StoredObject found, CancellationToken cancellationToken)
    {
        if (await connections.FindAsync(found.ConnectionId, cancellationToken) is not { } connection) return null;
        var governed = await catalog.GovernedAsync(found.ConnectionId, connection.Hostname(), found, cancellationToken);
        return governed.FirstOrDefault(g => g.Id == found.Id)?.Object.Typed(platforms.Of(connection.Technology));
    }
}
