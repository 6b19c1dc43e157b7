using System.Text.Json;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Enforcing;

/// <summary><c>@hostname</c> of a connection.</summary>
internal static class ConnectionHostname
{
    /// <summary>As registered; null where the platform has none.</summary>
    public static string? Hostname(this StoredConnection connection)
    {
        using var document = JsonDocument.Parse(connection.DocumentJson);
        return document.RootElement.TryGetProperty("hostname", out var hostname) && hostname.ValueKind == JsonValueKind.String ? hostname.GetString() : null;
    }
}
