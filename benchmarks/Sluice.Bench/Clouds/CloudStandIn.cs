namespace Sluice.Bench.Clouds;

/// <summary>The clouds by their names.</summary>
internal static class CloudStandIn
{
    public static async Task<ICloud> StartAsync(string platform, int tables, int people, CancellationToken cancellationToken) => platform switch
    {
        "snowflake" => await SnowflakeCloud.StartAsync(tables, people, cancellationToken),
        "databricks" => await DatabricksCloud.StartAsync(tables, people, cancellationToken),
        _ => throw new ArgumentException($"There is no cloud {platform}.", nameof(platform)),
    };
}
