using System.Text.Json;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>How much there is of something, and may be.</summary>
/// <param name="Count">As it was last counted.</param>
/// <param name="Limit">The most.</param>
internal sealed record Quota(long Count, long Limit);

/// <summary>
/// Reads resource quotas of Unity Catalog (https://docs.databricks.com/api/uc-resource-quotas/v1/get-quota), which account admins alone may
/// (https://docs.databricks.com/aws/data-governance/unity-catalog/resource-quotas).
/// </summary>
internal sealed class QuotaClient(WorkspaceClient workspace)
{
    /// <summary>The functions of a schema.</summary>
    public Task<Quota> FunctionsOfSchemaAsync(string catalog, string schema, CancellationToken cancellationToken) => ReadAsync("schema", $"{catalog}.{schema}", "function-quota", cancellationToken);

    private Task<Quota> ReadAsync(string type, string parent, string quota, CancellationToken cancellationToken) => workspace.GetAsync(
        "unity:resource-quota", $"/api/2.1/unity-catalog/resource-quotas/{type}/{Uri.EscapeDataString(parent)}/{quota}", Read, cancellationToken);

    private static Quota Read(ref Utf8JsonReader reader)
    {
        long? count = null, limit = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (!reader.ValueTextEquals("quota_info"u8))
            {
                reader.SkipValue();
                continue;
            }

            if (!reader.EnterObject()) continue;
            while (reader.NextMember())
            {
                if (reader.ValueTextEquals("quota_count"u8)) count = reader.NextNumber();
                else if (reader.ValueTextEquals("quota_limit"u8)) limit = reader.NextNumber();
                else reader.SkipValue();
            }
        }

        return new Quota(count ?? 0, limit ?? throw new JsonException());
    }
}
