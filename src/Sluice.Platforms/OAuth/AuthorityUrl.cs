using Sluice.Platforms.Egress;

namespace Sluice.Platforms.OAuth;

/// <summary>
/// The <c>authorityUrl</c> of a client. Without a scheme it is https. What it means is told by its path alone, the same way for every platform:
/// <list type="number">
/// <item>a path with <c>/.well-known/</c> is a discovery document, which names the token endpoint;</item>
/// <item>a path that ends with <c>/token</c> is the token endpoint itself (RFC 6749, section 3.2);</item>
/// <item>
/// any other is an address below which the discovery document lies: <c>&lt;address&gt;/.well-known/oauth-authorization-server</c> and
/// <c>/.well-known/openid-configuration</c>, then, as RFC 8414 (section 3) has it, <c>oauth-authorization-server</c> of the host with the path
/// behind it, and for a bare host <c>/oidc/.well-known/oauth-authorization-server</c>, where a Databricks workspace has its own. They are asked in
/// this order and the first that names a token endpoint counts;
/// </item>
/// <item>an address with a path, below which there is none, is taken for the token endpoint itself (<c>/as/token.oauth2</c>).</item>
/// </list>
/// A discovered token endpoint may be on another host, for several authorities have it there. It obeys the same egress rules as the URL itself.
/// </summary>
public static class AuthorityUrl
{
    private const int Longest = 1024;
    private const string WellKnown = "/.well-known/";
    private const string Metadata = WellKnown + "oauth-authorization-server";
    private const string OpenId = WellKnown + "openid-configuration";

    /// <summary>Reads one, without any I/O.</summary>
    /// <param name="spelled">As the payload has it.</param>
    /// <param name="egress">Where this server may connect.</param>
    /// <param name="problem">What is wrong with it, not repeating it; null when nothing is.</param>
    /// <returns>The URL, or null with the problem.</returns>
    public static Uri? Parse(string spelled, EgressGuard egress, out string? problem)
    {
        var text = spelled.Contains("://", StringComparison.Ordinal) ? spelled : $"https://{spelled}";
        if (text.Length > Longest || text.Any(static c => c is <= ' ' or '\\') || !Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            problem = "must be an absolute https URL: the authority's token endpoint, its discovery document, or the address below which that lies";
            return null;
        }

        problem = egress.Problem(url, []);
        return problem is null ? url : null;
    }

    internal static bool IsDocument(Uri url) => url.AbsolutePath.Contains(WellKnown, StringComparison.Ordinal);

    internal static bool IsTokenEndpoint(Uri url) => Path(url).EndsWith("/token", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it may be a token endpoint although nothing says so.</summary>
    internal static bool HasPath(Uri url) => Path(url).Length > 0;

    /// <summary>Where a discovery document may lie, in the order in which they are asked.</summary>
    internal static IReadOnlyList<Uri> Documents(Uri address)
    {
        var (host, path) = (address.GetLeftPart(UriPartial.Authority), Path(address));
        return
        [
            new($"{host}{path}{Metadata}"),
            new($"{host}{path}{OpenId}"),
            new(path.Length == 0 ? $"{host}/oidc{Metadata}" : $"{host}{Metadata}{path}"),
        ];
    }

    private static string Path(Uri url) => url.AbsolutePath.TrimEnd('/');
}
