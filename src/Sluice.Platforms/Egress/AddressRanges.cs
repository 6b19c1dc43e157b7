using System.Net;
using System.Net.Sockets;

namespace Sluice.Platforms.Egress;

/// <summary>
/// Sorts addresses by the IANA special-purpose registries (RFC 6890 and its updates) and the metadata addresses that clouds document.
/// IPv6 is closed by default: only 2000::/3 can be public. An IPv4 address inside an IPv6 one is judged as itself.
/// </summary>
internal static class AddressRanges
{
    private static readonly IPNetwork[] Forbidden =
    [
        .. Networks(
            "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),

        // Metadata services outside the link-local range: Alibaba Cloud; Azure's host; AWS, Google, Oracle and Scaleway over IPv6.
        .. Networks(
            "100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::/32", "fd20:ce::254/128", "fd00:c1::a9fe:a9fe/128", "fd00:42::42/128"),

        // The local NAT64 prefix (RFC 8215) is among them because where in such an address the IPv4 one lies is known to its network only.
        .. Networks("::/128", "fe80::/10", "ff00::/8", "100::/64", "2001:db8::/32", "3fff::/20", "64:ff9b:1::/48"),
    ];

    private static readonly IPNetwork[] PrivateRanges =
    [
        .. Networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"),
    ];

    private static readonly IPNetwork Loopback4 = IPNetwork.Parse("127.0.0.0/8");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");
    private static readonly IPNetwork ProtocolAssignments = IPNetwork.Parse("2001::/23");
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>The address a connection would really go to: an IPv4-mapped one as IPv4.</summary>
    public static IPAddress Canonical(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    public static AddressKind Classify(IPAddress address)
    {
        address = Canonical(address);
        if (IsIn(Forbidden, address))
            return AddressKind.Forbidden;
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return Classify4(address);
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Classify6(address) : AddressKind.Forbidden;
    }

    /// <summary>Whether one of the operator's networks covers the address; a NAT64 address also by the IPv4 address it stands for.</summary>
    public static bool Covers(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        address = Canonical(address);
        return IsIn(networks, address) || (Nat64.Contains(address) && IsIn(networks, Embedded(address, 12)));
    }

    private static AddressKind Classify4(IPAddress address)
    {
        if (Loopback4.Contains(address))
            return AddressKind.Loopback;
        return IsIn(PrivateRanges, address) ? AddressKind.Private : AddressKind.Public;
    }

    private static AddressKind Classify6(IPAddress address)
    {
        if (address.Equals(IPAddress.IPv6Loopback))
            return AddressKind.Loopback;

        // A DNS64 resolver gives every IPv4-only host such an address, so a public one stays public.
        if (Nat64.Contains(address))
            return Classify4Within(Embedded(address, 12)) is var kind && kind == AddressKind.Loopback ? AddressKind.Forbidden : kind;

        if (Compatible.Contains(address) || Translated.Contains(address))
            return Transition(Embedded(address, 12));
        if (SixToFour.Contains(address))
            return Transition(Embedded(address, 2));
        if (Teredo.Contains(address))
            return Transition(Embedded(address, 4), TeredoClient(address));
        if (ProtocolAssignments.Contains(address))
            return AddressKind.Forbidden;
        if (IsIn(PrivateRanges, address))
            return AddressKind.Private;
        return GlobalUnicast.Contains(address) ? AddressKind.Public : AddressKind.Forbidden;
    }

    private static AddressKind Classify4Within(IPAddress embedded) =>
        IsIn(Forbidden, embedded) ? AddressKind.Forbidden : Classify4(embedded);

    // No platform is reached by these, and inside them loopback or link-local can only be a disguise.
    private static AddressKind Transition(params ReadOnlySpan<IPAddress> embedded)
    {
        foreach (var address in embedded)
        {
            if (Classify4Within(address) is AddressKind.Forbidden or AddressKind.Loopback)
                return AddressKind.Forbidden;
        }

        return AddressKind.Private;
    }

    private static IPAddress Embedded(IPAddress address, int offset) => new(address.GetAddressBytes().AsSpan(offset, 4));

    // RFC 4380, section 4: the client's address, each bit inverted.
    private static IPAddress TeredoClient(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return new IPAddress([(byte)~bytes[12], (byte)~bytes[13], (byte)~bytes[14], (byte)~bytes[15]]);
    }

    private static bool IsIn(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        for (var i = 0; i < networks.Count; i++)
        {
            if (networks[i].Contains(address))
                return true;
        }

        return false;
    }

    private static IEnumerable<IPNetwork> Networks(params string[] networks) => networks.Select(IPNetwork.Parse);
}
