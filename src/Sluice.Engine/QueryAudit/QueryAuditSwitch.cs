using System.Text.Json;
using Sluice.Storage.Connections;

namespace Sluice.Engine.QueryAudit;

/// <summary>What a connection's native integration says of its query audit and its lineage: a look at the stored document, so that no session is opened to find out.</summary>
internal static class QueryAuditSwitch
{
    /// <summary>Whether either is on.</summary>
    public static bool IsOn(StoredConnection connection) =>
        Enabled(connection.IntegrationJson, "audit") == JsonValueKind.True || Enabled(connection.IntegrationJson, "lineage") == JsonValueKind.True;

    /// <summary>
    /// Whether tags go where data went: unless <c>config.lineage.enabled</c> is false. Where that is not said, what was read while it was carries on.
    /// </summary>
    public static bool CarriesTags(string? integrationJson) => Enabled(integrationJson, "lineage") != JsonValueKind.False;

    private static JsonValueKind Enabled(string? integrationJson, string name)
    {
        if (integrationJson is null) return JsonValueKind.Undefined;
        using var document = JsonDocument.Parse(integrationJson);
        return document.RootElement.TryGetProperty("config", out var config) && config.ValueKind == JsonValueKind.Object
            && config.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object && member.TryGetProperty("enabled", out var enabled)
                ? enabled.ValueKind
                : JsonValueKind.Undefined;
    }
}
