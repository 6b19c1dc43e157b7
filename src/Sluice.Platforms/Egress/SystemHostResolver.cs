using System.Net;

namespace Sluice.Platforms.Egress;

/// <summary>The operating system's resolver.</summary>
internal sealed class SystemHostResolver : IHostResolver
{
    public static SystemHostResolver Instance { get; } = new();

    // The C library's lookup can't be cancelled on every system; waiting for it can.
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        Dns.GetHostAddressesAsync(host, cancellationToken).WaitAsync(cancellationToken);
}
