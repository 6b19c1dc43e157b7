using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>Personal access tokens, OAuth secrets and the access tokens issued for them.</summary>
internal sealed class TokenStore(string workspaceId, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, string> personal = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Principal, DateTimeOffset Expires)> issued = new(StringComparer.Ordinal);

    /// <summary>The same principal has the same token in every sandbox, so that a demo survives its restart.</summary>
    public string PersonalTokenOf(string principal)
    {
        var token = $"dapi{Derive("pat", principal)}";
        personal[token] = principal;
        return token;
    }

    public string SecretOf(string applicationId) => $"dose{Derive("oauth", applicationId)}";

    public string Issue(string principal, TimeSpan lifetime)
    {
        // Shaped like the JWT it would be; nothing in it is read back.
        var token = $"eyJraWQiOiJzYW5kYm94IiwidHlwIjoiYXQrand0IiwiYWxnIjoiUlMyNTYifQ.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))}";
        issued[token] = (principal, clock.GetUtcNow() + lifetime);
        return token;
    }

    public string? Resolve(string token, out bool expired)
    {
        expired = false;
        if (personal.TryGetValue(token, out var principal)) return principal;
        if (!issued.TryGetValue(token, out var held)) return null;
        expired = held.Expires <= clock.GetUtcNow();
        return held.Principal;
    }

    public bool Matches(string applicationId, string secret) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(SecretOf(applicationId)));

    public void ForgetIssued() => issued.Clear();

    private string Derive(string purpose, string principal) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"sluice-sandbox/{workspaceId}/{purpose}/{principal}")).AsSpan(0, 16));
}
