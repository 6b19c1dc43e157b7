using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Connections;

/// <summary>The members of a connection's settings that the storage itself has to do with.</summary>
internal static class ConnectionSettingsText
{
    private const string IsActive = "isActive";
    private const string AcceptUnknownGovernance = "acceptUnknownGovernance";
    private const string TrustPlatformTags = "trustPlatformTags";

    /// <summary>Whether <c>acceptUnknownGovernance</c> is true; anything else is no: fail closed.</summary>
    public static bool AcceptsUnknownGovernance(string json) => IsTrue(json, AcceptUnknownGovernance);

    /// <summary>Whether <c>trustPlatformTags</c> is true; anything else is no: fail closed.</summary>
    public static bool TrustsPlatformTags(string json) => IsTrue(json, TrustPlatformTags);

    private static bool IsTrue(string json, string member)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.True;
    }

    /// <summary>The text with <c>isActive</c> as it is on the root object, so that the two can't disagree; the same text when they agree.</summary>
    public static string WithIsActive(string json, bool isActive)
    {
        if (JsonNode.Parse(json) is not JsonObject settings) throw new ArgumentException("A connection's settings are a JSON object.", nameof(json));
        if (settings[IsActive] is JsonValue value && value.TryGetValue<bool>(out var said) && said == isActive) return json;
        settings[IsActive] = isActive;
        return settings.ToJsonString();
    }

    /// <summary>Writes <c>isActive</c> into a stored connection's settings.</summary>
    public static async Task SetIsActiveAsync(SluiceContext context, Guid connectionId, bool isActive, CancellationToken cancellationToken)
    {
        var before = await context.Connections.Where(c => c.Id == connectionId).Select(c => c.Settings).SingleAsync(cancellationToken);
        var after = WithIsActive(before, isActive);
        await context.ExecuteAsync(
            "UPDATE connections SET settings = @settings WHERE id = @id", cancellationToken, ("@settings", after), ("@id", connectionId));
    }
}
