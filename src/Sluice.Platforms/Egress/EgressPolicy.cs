namespace Sluice.Platforms.Egress;

/// <summary>
/// Where the server may connect (architecture.md, rule 11). Link-local and metadata addresses are never allowed; loopback, private ranges
/// and hosts outside a technology's own suffixes only when the operator says so.
/// </summary>
public sealed record EgressPolicy
{
    /// <summary>Whether 127.0.0.0/8 and ::1 are allowed (<c>--allow-loopback</c>). Default false.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Exact host names, or <c>*.suffix</c>, allowed besides a technology's own (<c>--allow-host</c>).</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Networks in CIDR form allowed besides public addresses (<c>--allow-network</c>), such as <c>10.0.0.0/8</c>.</summary>
    public IReadOnlyList<System.Net.IPNetwork> AllowedNetworks { get; init; } = [];
}
