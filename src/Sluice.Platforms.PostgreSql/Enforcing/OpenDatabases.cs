using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>The databases that are being written, each logged in to once.</summary>
internal sealed class OpenDatabases(ServerLogin login, Func<CancellationToken, Task<DatabaseConnection>> maintenance) : IAsyncDisposable
{
    private readonly Dictionary<string, DatabaseConnection> _open = [];
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The database of an object; for what belongs to none, and for databases themselves, the one that is always there.</summary>
    public async Task<DatabaseConnection> OfAsync(ObjectPath? path, CancellationToken cancellationToken)
    {
        if (path is null || path.Depth == 0) return await maintenance(cancellationToken);
        var name = path.Names[1];
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_open.TryGetValue(name, out var database)) _open[name] = database = await login.ConnectAsync(name, cancellationToken);
            return database;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var database in _open.Values) await database.DisposeAsync();
        _gate.Dispose();
    }
}
