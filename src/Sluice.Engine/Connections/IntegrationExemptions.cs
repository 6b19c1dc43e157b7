using System.Text.Json;

namespace Sluice.Engine.Connections;

/// <summary>Whom a native integration exempts from data policies, by the documented members: a look at the document, whatever the platform.</summary>
internal static class IntegrationExemptions
{
    /// <summary>Those that one document exempts and another doesn't, each with the member that names it.</summary>
    public static IReadOnlyList<string> Added(string? before, string? after) => [.. Of(after).Except(Of(before), StringComparer.Ordinal)];

    /// <summary>Those that a document exempts, each with the member that names it.</summary>
    public static IReadOnlyList<string> Of(string? integrationJson)
    {
        if (integrationJson is null) return [];
        using var document = JsonDocument.Parse(integrationJson);
        if (!document.RootElement.TryGetProperty("config", out var config) || config.ValueKind != JsonValueKind.Object) return [];
        return [.. Named(config, "userRolePattern", "exclude"), .. Named(config, "groupPattern", "deny")];
    }

    private static IEnumerable<string> Named(JsonElement config, string pattern, string member)
    {
        if (!config.TryGetProperty(pattern, out var within) || within.ValueKind != JsonValueKind.Object || !within.TryGetProperty(member, out var named)) return [];
        JsonElement[] all = named.ValueKind == JsonValueKind.Array ? [.. named.EnumerateArray()] : [named];
        return all.Where(static n => n.ValueKind == JsonValueKind.String).Select(n => $"{pattern}.{member}: {n.GetString()}").ToList();
    }
}
