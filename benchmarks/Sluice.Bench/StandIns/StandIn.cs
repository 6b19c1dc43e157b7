using Sluice.Bench.Processes;

namespace Sluice.Bench.StandIns;

/// <summary>The stand-ins by their names.</summary>
internal static class StandIn
{
    public const string Aws = "aws";
    public static readonly IReadOnlyList<string> Platforms = [Aws, "snowflake", "databricks"];

    public static async Task<IStandIn> StartAsync(Workplace place, string platform, int tables, TimeProvider time, CancellationToken cancellationToken) => platform switch
    {
        "snowflake" => await SnowflakeStandIn.StartAsync(place, tables, time, cancellationToken),
        "databricks" => await DatabricksStandIn.StartAsync(place, tables, time, cancellationToken),
        _ => await AwsStandIn.StartAsync(place, tables, cancellationToken),
    };
}
