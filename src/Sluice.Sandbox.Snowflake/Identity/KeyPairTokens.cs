using System.Security.Cryptography;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Identity;

/// <summary>Key-pair authentication: iss is ACCOUNT.USER.SHA256:fingerprint, sub is ACCOUNT.USER, exp at most an hour after iat.</summary>
internal static class KeyPairTokens
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    /// <summary>A driver's clock may differ from the server's by this much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public static string Fingerprint(string publicKey) => $"SHA256:{Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(publicKey)))}";

    /// <exception cref="SnowflakeException">390144: the token is not that user's, not signed by its key, or out of its time.</exception>
    public static void Demand(string token, UserState user, IReadOnlyCollection<string> accounts, DateTimeOffset now)
    {
        var jwt = Jwt.TryParse(token);
        if (jwt?.Algorithm != "RS256" || jwt.Claim("iss") is not { } issuer || jwt.Claim("sub") is not { } subject) throw Invalid();
        var key = new[] { user.PublicKey, user.PublicKey2 }.OfType<string>().FirstOrDefault(candidate =>
            accounts.Any(account => issuer == $"{account}.{user.LoginName}.{Fingerprint(candidate)}" && subject == $"{account}.{user.LoginName}"));
        if (key is null) throw Invalid();
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key), out _);
        if (!jwt.IsSignedBy(rsa)) throw Invalid();
        if (jwt.Time("iat") is not { } issued || jwt.Time("exp") is not { } expires) throw Invalid();
        if (issued > now + Skew || expires <= now - Skew || expires - issued > LongestLife) throw Invalid();
    }

    public static SnowflakeException Invalid() => new("390144", "08001", "JWT token is invalid.");
}
