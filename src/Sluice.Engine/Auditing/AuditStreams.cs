using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Auditing;

/// <summary>Reads what people say of streams and objects as it was recorded.</summary>
internal sealed class AuditStreams(IConnectionStore connections)
{
    /// <summary><c>administration</c>, a connection's key, or the id of one that may be gone.</summary>
    public async Task<AuditStream> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (name == AuditStream.Administration.Name) return AuditStream.Administration;
        if (await connections.FindAsync(name, cancellationToken) is { } connection) return AuditStream.Of(connection.Id);
        return Guid.TryParse(name, out var id) ? AuditStream.Of(id) : new AuditStream(name);
    }

    /// <summary>A connection's key is compared ignoring case, and recorded as it was registered.</summary>
    public async Task<ObjectPath?> SpelledAsync(ObjectPath? path, CancellationToken cancellationToken) =>
        path is not null && await connections.FindAsync(path.ConnectionKey, cancellationToken) is { } connection ? path.WithConnectionKey(connection.Key) : path;
}
