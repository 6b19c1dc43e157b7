using System.Net;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>What Snowflake's hosts say of the account behind them.</summary>
internal static class AccountHost
{
    /// <summary>Snowflake's own: commercial and government regions, PrivateLink names, and the China regions.</summary>
    public static readonly IReadOnlyList<string> Suffixes = ["snowflakecomputing.com", "snowflakecomputing.cn"];

    /// <summary>
    /// What login and key pair tokens call the account: the first label of the host, of an organisation's connection URL (<c>.global</c>) the
    /// part before the last hyphen, as the vendor's drivers do it.
    /// </summary>
    public static string AccountOf(EndpointHost host)
    {
        if (IPAddress.TryParse(host.Name, out _)) return host.Name;
        var labels = host.Name.Split('.');
        var dash = labels[0].LastIndexOf('-');
        return labels.Length > 1 && labels[1] == "global" && dash > 0 ? labels[0][..dash] : labels[0];
    }
}
