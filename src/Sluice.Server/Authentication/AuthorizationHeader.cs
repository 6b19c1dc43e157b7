using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;

namespace Sluice.Server.Authentication;

/// <summary>Reads the token of the Authorization header: after <c>Bearer</c>, or bare (documented clients send both).</summary>
internal static class AuthorizationHeader
{
    private const string Bearer = "Bearer";

    /// <summary>The token; null when there is no header; empty when it holds no token of either form.</summary>
    public static string? Token(StringValues header)
    {
        if (header.Count == 0) return null;
        if (header.Count > 1 || header[0] is not { } text) return "";
        text = text.Trim();
        if (text.Contains(' ', StringComparison.Ordinal))
        {
            return AuthenticationHeaderValue.TryParse(text, out var value)
                && value.Scheme.Equals(Bearer, StringComparison.OrdinalIgnoreCase)
                && value.Parameter is { } token
                && !token.Contains(' ', StringComparison.Ordinal)
                ? token
                : "";
        }

        return text.Equals(Bearer, StringComparison.OrdinalIgnoreCase) ? "" : text;
    }
}
