using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Authentication;

/// <summary>By what failed authentications and anonymous requests are counted.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    /// <summary>The IPv4 address, or the /64 network of an IPv6 address: one household or machine has all of it.</summary>
    public static IPAddress Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}
