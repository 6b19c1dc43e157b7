using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Core.Connections;
using Sluice.Engine.Connections;
using Sluice.Platforms;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Platforms;

/// <summary>The platforms of this server, found by their documented names.</summary>
internal sealed class PlatformRegistry(IEnumerable<IPlatform> platforms)
{
    private readonly FrozenDictionary<Technology, IPlatform> _byTechnology = platforms.ToFrozenDictionary(p => p.Technology);

    public IEnumerable<Technology> Available => _byTechnology.Keys.OrderBy(t => t.Name, StringComparer.Ordinal);

    public IPlatform? Find(Technology technology) => _byTechnology.GetValueOrDefault(technology);

    /// <summary>The platform of a stored connection.</summary>
    /// <exception cref="InvalidOperationException">This build lacks a platform that the database has connections of.</exception>
    public IPlatform Of(Technology technology) =>
        Find(technology) ?? throw new InvalidOperationException($"This server has no platform '{technology}', but its database has a connection of it.");

    /// <summary>The database or catalog in which a connection keeps what is its own; null where its platform has none of that kind.</summary>
    public string? OwnContainerOf(StoredConnection connection)
    {
        if (Of(connection.Technology) is not INamesOwnContainer platform || connection.IntegrationJson is not { } json) return null;
        using var integration = JsonDocument.Parse(json);
        return platform.OwnContainerOf(integration.RootElement);
    }

    /// <summary>Who is exempt from data policies by a connection's settings and its native integration.</summary>
    public IReadOnlyList<string> ExemptRolesOf(StoredConnection connection)
    {
        var bySettings = ConnectionUseCases.SettingsOf(connection).ExemptRoles;
        if (Of(connection.Technology) is not INamesExemptRoles platform || connection.IntegrationJson is not { } json) return bySettings;
        using var integration = JsonDocument.Parse(json);
        return [.. bySettings.Concat(platform.ExemptRolesOf(integration.RootElement)).Distinct(StringComparer.Ordinal)];
    }
}
