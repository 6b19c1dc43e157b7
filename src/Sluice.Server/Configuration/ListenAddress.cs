using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Configuration;

/// <summary>Where a listener stands.</summary>
/// <param name="Address">The address; null: every address of the machine.</param>
/// <param name="Port">The port; 0: a free one.</param>
/// <param name="IsTls">Whether the URL says https.</param>
public sealed record ListenAddress(IPAddress? Address, int Port, bool IsTls)
{
    /// <summary>Reads a URL such as <c>http://127.0.0.1:8080</c>, <c>https://*:8443</c> or <c>http://localhost:0</c>; null when it is none.</summary>
    public static ListenAddress? Read(string url, out string? problem)
    {
        BindingAddress binding;
        try
        {
            binding = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            problem = $"'{url}' is not a URL such as http://127.0.0.1:8080";
            return null;
        }

        problem = null;
        if (binding.Scheme is not ("http" or "https")) problem = $"'{url}' must begin with http:// or https://";
        else if (binding.PathBase.Length > 0) problem = $"'{url}' must not have a path";
        else if (binding.Port is < 0 or > IPEndPoint.MaxPort) problem = $"'{url}' has no port that exists";
        if (problem is not null) return null;

        var tls = binding.Scheme == "https";
        if (binding.Host is "*" or "+") return new ListenAddress(null, binding.Port, tls);
        if (binding.Host == "localhost") return new ListenAddress(IPAddress.Loopback, binding.Port, tls);
        if (IPAddress.TryParse(binding.Host.Trim('[', ']'), out var address)) return new ListenAddress(address, binding.Port, tls);
        problem = $"'{url}' must name an IP address, localhost or *: a listener has no other name";
        return null;
    }
}
