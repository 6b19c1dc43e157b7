using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sluice.Sandbox.Snowflake.Identity;

/// <summary>
/// A small OAuth authority on the sandbox's own port, so that a demo needs nothing else: client credentials with a secret
/// (client_secret_post, client_secret_basic) or a signed assertion (private_key_jwt, whose x5t names the client's certificate).
/// </summary>
internal sealed class OAuthAuthority(IReadOnlyList<SnowflakeSandboxOAuthClient> clients, TimeProvider clock) : IDisposable
{
    public const string KeysPath = "/oauth/jwks";

    private const string IntegrationName = "SANDBOX_OAUTH";

    private const string Assertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string KeyId = "sandbox";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Lazy<RSA> key = new(() => RSA.Create(2048));

    /// <summary>The integration by which the account trusts this authority.</summary>
    public SnowflakeSandboxOAuth Integration(Uri endpoint) => new(IntegrationName, Issuer(endpoint)) { JwsKeysUrl = new(endpoint, KeysPath), AnyRole = true };

    public string Issuer(Uri endpoint) => endpoint.ToString().TrimEnd('/');

    public JsonObject Discovery(Uri endpoint) => new()
    {
        ["issuer"] = Issuer(endpoint),
        ["token_endpoint"] = new Uri(endpoint, "/oauth/token").ToString(),
        ["jwks_uri"] = new Uri(endpoint, KeysPath).ToString(),
        ["grant_types_supported"] = new JsonArray("client_credentials"),
        ["response_types_supported"] = new JsonArray(),
        ["subject_types_supported"] = new JsonArray("public"),
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post", "private_key_jwt"),
        ["token_endpoint_auth_signing_alg_values_supported"] = new JsonArray("RS256", "PS256"),
    };

    public JsonObject KeySet()
    {
        var parameters = key.Value.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = KeyId, ["n"] = Base64Url.EncodeToString(parameters.Modulus), ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            }),
        };
    }

    /// <summary>Answers a token request; the status and body of RFC 6749.</summary>
    public (int Status, JsonObject Body) Issue(IFormCollection form, string authorization, Uri endpoint)
    {
        if (form["grant_type"] != "client_credentials") return Refused(400, "unsupported_grant_type", "Only client_credentials is supported.");
        var client = form["client_assertion_type"] == Assertion ? ByAssertion(form["client_assertion"].ToString(), endpoint) : BySecret(form, authorization);
        if (client is null) return Refused(401, "invalid_client", "Client authentication failed.");
        var now = clock.GetUtcNow();
        var scope = form["scope"].ToString() is { Length: > 0 } asked ? asked : "session:role-any";
        var token = Jwt.Sign(
            new() { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = KeyId },
            new()
            {
                ["iss"] = Issuer(endpoint), ["aud"] = Issuer(endpoint), ["sub"] = client.User, ["client_id"] = client.ClientId, ["scope"] = scope,
                ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = (now + Lifetime).ToUnixTimeSeconds(), ["jti"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
            },
            key.Value);
        return (200, new() { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = (int)Lifetime.TotalSeconds, ["scope"] = scope });
    }

    public void Dispose()
    {
        if (key.IsValueCreated) key.Value.Dispose();
    }

    private static (int Status, JsonObject Body) Refused(int status, string error, string description) => (status, new() { ["error"] = error, ["error_description"] = description });

    private SnowflakeSandboxOAuthClient? BySecret(IFormCollection form, string authorization)
    {
        var (id, secret) = (form["client_id"].ToString(), form["client_secret"].ToString());
        if (authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            var decoded = new byte[authorization.Length];
            if (!Convert.TryFromBase64String(authorization["Basic ".Length..], decoded, out var length)) return null;
            var pair = Encoding.UTF8.GetString(decoded, 0, length).Split(':', 2);
            if (pair.Length != 2) return null;
            (id, secret) = (Uri.UnescapeDataString(pair[0].Replace('+', ' ')), Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
        }

        return clients.FirstOrDefault(client => client.ClientId == id && client.Secret is { } known
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(secret)));
    }

    private SnowflakeSandboxOAuthClient? ByAssertion(string assertion, Uri endpoint)
    {
        if (Jwt.TryParse(assertion) is not { } jwt || jwt.Claim("iss") is not { } id || jwt.Claim("sub") != id) return null;
        var client = clients.FirstOrDefault(candidate => candidate.ClientId == id && candidate.CertificatePem is not null);
        if (client is null) return null;
        using var certificate = X509Certificate2.CreateFromPem(client.CertificatePem);
        var x5t = jwt.Header["x5t"]?.ToString();
        var x5t256 = jwt.Header["x5t#S256"]?.ToString();
        if (x5t is null && x5t256 is null) return null;
        // RFC 7515 makes x5t the SHA-1 of the certificate: it names a key, it protects nothing.
        if (x5t is not null && x5t != Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA1))) return null;
        if (x5t256 is not null && x5t256 != Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256))) return null;
        using var rsa = certificate.GetRSAPublicKey();
        var now = clock.GetUtcNow();
        var inTime = jwt.Time("exp") > now && (jwt.Time("nbf") ?? now) <= now.AddMinutes(1);
        var audience = jwt.List("aud", ' ').Any(candidate => candidate.TrimEnd('/') == Issuer(endpoint) || candidate == new Uri(endpoint, "/oauth/token").ToString());
        return rsa is not null && inTime && audience && jwt.IsSignedBy(rsa) ? client : null;
    }
}
