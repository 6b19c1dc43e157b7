using Sluice.Core.Connections;
using Sluice.Engine.Connections;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Enforcing;

/// <summary>Sees that the settings which a plan rests on still stand while it is applied: what is left is not done under a mode that nobody wants any more.</summary>
internal sealed class SettingsWatch(StoredConnection connection, IConnectionStore connections, TimeSpan every, TimeProvider time)
{
    private readonly ConnectionSettings _settings = Deciding(connection);
    private long? _looked;

    /// <summary>Looks, unless it did so shortly before.</summary>
    /// <exception cref="SettingsChangedException">They are others now.</exception>
    public Task LookAgainAsync(CancellationToken cancellationToken) =>
        _looked is { } looked && time.GetElapsedTime(looked) < every ? Task.CompletedTask : LookAsync(cancellationToken);

    /// <summary>Looks.</summary>
    /// <exception cref="SettingsChangedException">They are others now.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (await connections.FindAsync(connection.Id, cancellationToken) is { } stored && !Deciding(stored).Equals(_settings)) throw new SettingsChangedException();
        _looked = time.GetTimestamp();
    }

    // Those that say what may be written and for whom. How often is crawled, and what the guard holds, is nothing to a plan that is applied.
    private static ConnectionSettings Deciding(StoredConnection connection)
    {
        var settings = ConnectionUseCases.SettingsOf(connection);
        return new ConnectionSettings
        {
            Mode = settings.Mode, Prefix = settings.Prefix, ProtectUnregistered = settings.ProtectUnregistered, ExemptRoles = [.. settings.ExemptRoles, .. IntegrationExemptions.Of(connection.IntegrationJson)], MasksInView = settings.MasksInView,
            GroupBudget = settings.GroupBudget,
            MaskFunctionSchemas = settings.MaskFunctionSchemas,
        };
    }
}

/// <summary>A connection's settings were changed while a plan was applied.</summary>
internal sealed class SettingsChangedException() : Exception("The connection's settings were changed while it was applied: what was left of it was not done.");
