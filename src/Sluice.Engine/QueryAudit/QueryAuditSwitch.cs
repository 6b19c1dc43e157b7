using System.Text.Json;
using Sluice.Storage.Connections;

namespace Sluice.Engine.QueryAudit;

/// <summary>Whether a connection's native integration asks for its query audit or its lineage: a look at the stored document, so that no session is opened to find out.</summary>
internal static class QueryAuditSwitch
{
    /// <summary>Whether either is on.</summary>
    public static bool IsOn(StoredConnection connection)
    {
        if (connection.IntegrationJson is not { } json) return false;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("config", out var config) && (Has(config, "audit") || Has(config, "lineage"));
    }

    private static bool Has(JsonElement config, string name) =>
        config.ValueKind == JsonValueKind.Object && config.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object
        && member.TryGetProperty("enabled", out var enabled) && enabled.ValueKind == JsonValueKind.True;
}
