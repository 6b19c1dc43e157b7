using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Sluice.Platforms.OAuth;

/// <summary>What a client signs to prove itself (RFC 7523, section 3): by itself, about itself, for the token endpoint, good once and not for long.</summary>
internal static class ClientAssertion
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    // An authority whose clock is behind would find it not yet valid.
    private static readonly TimeSpan Backdated = TimeSpan.FromSeconds(30);

    /// <summary>A new one.</summary>
    /// <exception cref="PlatformException">The private key can't be read.</exception>
    public static string Sign(string clientId, OAuthKey credential, Uri audience, DateTimeOffset now)
    {
        using var key = PrivateKeyPem.Read(credential.Content, credential.Password, out var problem)
            ?? throw new PlatformException(PlatformFailure.CredentialsRejected, $"The private key of the OAuth client (oauthPrivateKey) {problem}.");
        var header = new JsonObject();
        if (credential.Thumbprint is { } thumbprint) header[thumbprint.Header] = thumbprint.Encoded;
        var issued = (now - Backdated).ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = audience.AbsoluteUri,
            ["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            ["iat"] = issued,
            ["nbf"] = issued,
            ["exp"] = issued + (long)Lifetime.TotalSeconds,
        };
        return Jwt.Sign(header, claims, key);
    }
}
