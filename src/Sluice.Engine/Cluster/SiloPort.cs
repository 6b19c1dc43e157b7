using System.Net;
using System.Net.Sockets;

namespace Sluice.Engine.Cluster;

/// <summary>Finds a free loopback port, so that servers and tests on one machine never collide.</summary>
internal static class SiloPort
{
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
