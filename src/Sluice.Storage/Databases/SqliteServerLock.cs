using Sluice.Storage.Server;

namespace Sluice.Storage.Databases;

/// <summary>Nothing to hold: who locks the data directory, as a server does, has its SQLite file to itself.</summary>
internal sealed class SqliteServerLock : IServerLock
{
    public bool IsHeld => true;

    public bool IsLost => false;

    public Task TakeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task KeepAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
}
