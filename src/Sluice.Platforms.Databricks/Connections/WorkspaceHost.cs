namespace Sluice.Platforms.Databricks.Connections;

/// <summary>The hosts of workspaces: <c>hostname</c>, <c>host</c> and <c>workspaceUrl</c> are one fact, read by <see cref="Egress.EndpointHost"/>.</summary>
internal static class WorkspaceHost
{
    /// <summary>Databricks' own, by cloud (the environments of Databricks' SDKs).</summary>
    public static readonly IReadOnlyList<string> Suffixes =
    [
        "cloud.databricks.com", "cloud.databricks.us", "azuredatabricks.net", "databricks.azure.us", "databricks.azure.cn", "gcp.databricks.com",
    ];
}
