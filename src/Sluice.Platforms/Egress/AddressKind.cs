namespace Sluice.Platforms.Egress;

/// <summary>What kind of place an IP address is.</summary>
public enum AddressKind
{
    /// <summary>Globally reachable.</summary>
    Public,

    /// <summary>The server's own host.</summary>
    Loopback,

    /// <summary>
    /// A private network: RFC 1918, carrier-grade NAT, unique and site-local IPv6, and IPv6 transition addresses (6to4, Teredo,
    /// IPv4-compatible, IPv4-translated) that no public platform uses.
    /// </summary>
    Private,

    /// <summary>Link-local, a cloud's metadata service, unspecified, multicast, broadcast, documentation or reserved: never connected to.</summary>
    Forbidden,
}
