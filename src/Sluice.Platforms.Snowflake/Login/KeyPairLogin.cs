using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sluice.Platforms.OAuth;
using Sluice.Platforms.Snowflake.Connections;

namespace Sluice.Platforms.Snowflake.Login;

/// <summary>
/// A token signed with the user's private key: issuer <c>ACCOUNT.USER.SHA256:&lt;digest of the public key&gt;</c>, subject
/// <c>ACCOUNT.USER</c>, both in upper case, at most an hour long (Snowflake documentation, "Key-pair authentication"). A new one for each login.
/// </summary>
internal sealed class KeyPairLogin(string account, string username, string content, string? password, TimeProvider time) : IProvesLogin
{
    // Sent at once; the vendor's drivers sign for a minute too.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    public string Hint
    {
        get
        {
            using var key = Key();
            return $"The user's RSA_PUBLIC_KEY must be this key's public half (DESC USER shows RSA_PUBLIC_KEY_FP; this key's is {Fingerprint(key)}), "
                + "and this server's clock must be right.";
        }
    }

    public ValueTask<LoginProof> ProveAsync(CancellationToken cancellationToken)
    {
        using var key = Key();
        var now = time.GetUtcNow();
        var subject = $"{account.ToUpperInvariant()}.{username.ToUpperInvariant()}";
        var claims = new JsonObject
        {
            ["iss"] = $"{subject}.{Fingerprint(key)}",
            ["sub"] = subject,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
        return ValueTask.FromResult(new LoginProof(username, "SNOWFLAKE_JWT", Jwt.Sign([], claims, key)));
    }

    public bool Forget() => false;

    public void Dispose()
    {
    }

    private RSA Key() => PrivateKeyPem.Read(content, password, out var problem)
        ?? throw new PlatformException(PlatformFailure.CredentialsRejected, $"The private key at $.connection.{SecretPaths.PrivateKey} {problem}.");

    private static string Fingerprint(RSA key) => $"SHA256:{Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))}";
}
