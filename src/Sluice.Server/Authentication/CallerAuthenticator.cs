using Microsoft.Extensions.Primitives;

namespace Sluice.Server.Authentication;

/// <summary>Finds out who makes a request, by API key or JWT.</summary>
internal sealed class CallerAuthenticator(ApiKeyAuthenticator keys, OidcAuthenticator? oidc = null)
{
    public async ValueTask<Authenticated> AuthenticateAsync(StringValues authorization, CancellationToken cancellationToken)
    {
        if (AuthorizationHeader.Token(authorization) is not { } token) return Authenticated.Missing;
        if (ApiKey.Read(token) is { } key) return await keys.AuthenticateAsync(key, cancellationToken);
        if (oidc is null || token.Length == 0 || token.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)) return Authenticated.Invalid;
        return await oidc.AuthenticateAsync(token, cancellationToken);
    }
}
