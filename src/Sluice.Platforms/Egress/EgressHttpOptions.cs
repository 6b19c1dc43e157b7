using System.Net;

namespace Sluice.Platforms.Egress;

/// <summary>How an outgoing HTTP handler of the guard connects.</summary>
public sealed record EgressHttpOptions
{
    /// <summary>The hosts a technology may use by itself; each covers its subdomains. Empty: any public host.</summary>
    public IReadOnlyList<string> Suffixes { get; init; } = [];

    /// <summary>For name resolution, connection and TLS together. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection is used at most, so that a changed address is resolved and checked again. Default 5 min.</summary>
    public TimeSpan PooledConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an unused connection is kept. Default 30 s.</summary>
    public TimeSpan PooledConnectionIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What encodings are asked for and undone. Default gzip and Brotli. Bytes are counted after decompression by whoever reads the body
    /// (<see cref="Http.BoundedBody"/>), so a bomb ends at the limit.
    /// </summary>
    public DecompressionMethods Decompression { get; init; } = DecompressionMethods.GZip | DecompressionMethods.Brotli;
}
