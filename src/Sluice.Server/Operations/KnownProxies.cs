using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Sluice.Server.Configuration;

namespace Sluice.Server.Operations;

/// <summary>Believes the forwarded headers of known proxies, and of nobody else.</summary>
internal static class KnownProxies
{
    public static void UseKnownProxies(this IApplicationBuilder app, ServerSettings settings)
    {
        if (settings.KnownProxies.Count == 0) return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // Every proxy of a chain must be known; the first unknown address is the client.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in settings.KnownProxies) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
