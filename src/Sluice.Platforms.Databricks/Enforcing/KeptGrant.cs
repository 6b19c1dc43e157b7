using System.Text;
using System.Text.Json;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>What is kept of a grant that was taken away: the request that puts it back.</summary>
internal static class KeptGrant
{
    /// <summary>The body of the request.</summary>
    public static string Of(string principal, string privilege) =>
        Encoding.UTF8.GetString(GrantsClient.BodyOf([new PermissionsChange(principal, [privilege], [])]));

    /// <summary>Refuses what is no such body, or one of another grant.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static void Demand(string kept, string principal, string privilege)
    {
        try
        {
            using var json = JsonDocument.Parse(kept);
            if (json.RootElement.GetProperty("changes") is { ValueKind: JsonValueKind.Array } changes && changes.GetArrayLength() == 1
                && changes[0].GetProperty("principal").GetString() == principal
                && changes[0].GetProperty("add") is { ValueKind: JsonValueKind.Array } added && added.GetArrayLength() == 1 && added[0].GetString() == privilege)
                return;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"What was kept of the grant is no change of permissions: {kept}", e);
        }

        throw new FormatException($"What was kept of the grant is another one: {kept}");
    }
}
