using System.Net;

namespace Sluice.Platforms.Egress;

/// <summary>Turns a host name into addresses. The guard asks it once per connection and connects to what it answered, never by name.</summary>
public interface IHostResolver
{
    /// <summary>The addresses of a host name; empty, or a <see cref="System.Net.Sockets.SocketException"/>, when there are none.</summary>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
