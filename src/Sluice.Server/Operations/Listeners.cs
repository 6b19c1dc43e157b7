using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sluice.Server.Configuration;
using Sluice.Server.Problems;

namespace Sluice.Server.Operations;

/// <summary>Where the server listens, and what a request may be at most.</summary>
internal sealed class Listeners(ServerSettings settings)
{
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(15);

    // The web server counts the framing of chunks too: a body in chunks of one byte is six times as long on the wire. The body itself is counted
    // where it is read.
    private const int WireBytesOfBodyByte = 8;

    private readonly List<ListenOptions> _api = [];
    private readonly List<ListenOptions> _metrics = [];

    /// <summary>The API's URLs; the ports that were taken once the server has started.</summary>
    public IReadOnlyList<string> ApiUrls => [.. _api.Zip(settings.Urls, UrlOf)];

    /// <summary>The metrics listener's URLs.</summary>
    public IReadOnlyList<string> MetricsUrls => [.. _metrics.Zip(settings.MetricsUrls, UrlOf)];

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = (long)settings.MaxBody * WireBytesOfBodyByte;
        kestrel.Limits.RequestHeadersTimeout = HeaderTimeout;
        var tls = settings.Tls is { } files ? Tls(files) : null;
        foreach (var address in settings.Urls) Listen(kestrel, address, tls, _api.Add);
        foreach (var address in settings.MetricsUrls)
        {
            Listen(kestrel, address, tls, listener =>
            {
                ListenerRole.MarkAsMetrics(listener);
                _metrics.Add(listener);
            });
        }
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, HttpsConnectionAdapterOptions? tls, Action<ListenOptions> configure)
    {
        void Configure(ListenOptions listener)
        {
            configure(listener);
            if (address.IsTls) listener.UseHttps(tls!);
            listener.Use(RefusalWriter.PutBetween);
        }

        if (address.Address is { } ip) kestrel.Listen(ip, address.Port, Configure);
        else kestrel.ListenAnyIP(address.Port, Configure);
    }

    private static HttpsConnectionAdapterOptions Tls(TlsSettings files)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(files.CertificateFile);
        return new HttpsConnectionAdapterOptions
        {
            ServerCertificate = X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile),
            ServerCertificateChain = chain,
        };
    }

    private static string UrlOf(ListenOptions listener, ListenAddress asked)
    {
        var scheme = asked.IsTls ? "https" : "http";
        var port = listener.IPEndPoint?.Port ?? asked.Port;
        return asked.Address is { } address ? $"{scheme}://{new IPEndPoint(address, port)}" : $"{scheme}://*:{port}";
    }
}
