using System.Net;
using System.Net.Sockets;

namespace Sluice.Platforms.Egress;

/// <summary>Checks each request before it is sent, and each connection when it is made.</summary>
internal sealed class EgressHttpHandler : DelegatingHandler
{
    private readonly EgressGuard _guard;
    private readonly EgressHttpOptions _options;

    public EgressHttpHandler(EgressGuard guard, EgressHttpOptions options)
    {
        _guard = guard;
        _options = options;
        InnerHandler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PreAuthenticate = false,
            AutomaticDecompression = options.Decompression,
            PooledConnectionLifetime = options.PooledConnectionLifetime,
            PooledConnectionIdleTimeout = options.PooledConnectionIdleTimeout,

            // What nobody wants to read is not read: the connection is closed.
            MaxResponseDrainSize = 0,

            // A stranger learns nothing of our traces, and a signed request carries no header that its signature does not know.
            ActivityHeadersPropagator = null,
        };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = Check(request);

        // HTTP/3 has its own transport, which the connection callback never sees.
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        if (request.Version.Major > 2)
            request.Version = HttpVersion.Version20;

        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is PlatformException cause)
        {
            throw new PlatformException(cause.Failure, cause.Message, cause.InnerException);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested && e.InnerException is TimeoutException)
        {
            throw new PlatformException(
                PlatformFailure.Unreachable,
                $"{EgressGuard.Shown(host)} did not accept a connection within {_options.ConnectTimeout.TotalSeconds:0.#} seconds.");
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Only asynchronous requests are checked.");

    private string Check(HttpRequestMessage request)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } uri || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
            throw EgressGuard.Denied("", "Only http and https URLs are.");

        var host = uri.IdnHost;
        if (uri.UserInfo.Length > 0)
            throw EgressGuard.Denied(host, "A URL has no user.");
        if (_guard.Problem(host, _options.Suffixes) is { } problem)
            throw EgressGuard.Denied(host, problem);

        // TLS checks the certificate against this header when it is there.
        if (request.Headers.Host is { } header && !header.Equals(uri.Authority, StringComparison.OrdinalIgnoreCase))
            throw EgressGuard.Denied(host, "The Host header names another one.");
        return host;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await _guard.ResolveAsync(host, _options.Suffixes, cancellationToken);
        var plain = context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps;
        if (plain && addresses.Any(static address => EgressGuard.Classify(address) != AddressKind.Loopback))
            throw EgressGuard.Denied(host, EgressGuard.PlainProblem);
        return new NetworkStream(await _guard.ConnectAsync(addresses, host, port, cancellationToken), ownsSocket: true);
    }
}
