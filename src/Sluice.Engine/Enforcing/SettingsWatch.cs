using Sluice.Core.Connections;
using Sluice.Engine.Connections;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Enforcing;

/// <summary>Sees that the settings which a plan was made with still stand while it is applied: what is left is not done under a mode that nobody wants any more.</summary>
internal sealed class SettingsWatch(StoredConnection connection, IConnectionStore connections, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly ConnectionSettings _settings = ConnectionUseCases.SettingsOf(connection);
    private long? _looked;

    /// <summary>Looks, unless it did within this second.</summary>
    /// <exception cref="SettingsChangedException">They are others now.</exception>
    public Task LookAgainAsync(CancellationToken cancellationToken) =>
        _looked is { } looked && time.GetElapsedTime(looked) < Every ? Task.CompletedTask : LookAsync(cancellationToken);

    /// <summary>Looks.</summary>
    /// <exception cref="SettingsChangedException">They are others now.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (await connections.FindAsync(connection.Id, cancellationToken) is { } stored && !ConnectionUseCases.SettingsOf(stored).Equals(_settings)) throw new SettingsChangedException();
        _looked = time.GetTimestamp();
    }
}

/// <summary>A connection's settings were changed while a plan was applied.</summary>
internal sealed class SettingsChangedException() : Exception("The connection's settings were changed while it was applied: what was left of it was not done.");
