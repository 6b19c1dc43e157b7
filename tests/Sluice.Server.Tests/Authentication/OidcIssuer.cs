using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sluice.Server.Tests.Authentication;

/// <summary>An OIDC issuer with one RSA key, on a free loopback port. Tokens are put together by hand: wrong ones are the point.</summary>
internal sealed class OidcIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OidcIssuer(WebApplication app) => _app = app;

    public RSA Key { get; private set; } = RSA.Create(2048);

    public string KeyId { get; private set; } = "key-1";

    public string Url => _app.Urls.First();

    public int Reads { get; private set; }

    public bool IsDown { get; set; }

    /// <summary>So many characters are added to every document.</summary>
    public int Padding { get; set; }

    /// <summary>Whether a document begins and never ends.</summary>
    public bool Drips { get; set; }

    public static async Task<OidcIssuer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        var issuer = new OidcIssuer(app);
        app.Run(issuer.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>Changes the signing key, as issuers do.</summary>
    public void Rotate()
    {
        Key = RSA.Create(2048);
        KeyId = "key-2";
    }

    public string Token(DateTimeOffset now, Action<Dictionary<string, object?>>? adapt = null, string algorithm = "RS256", RSA? key = null, string? keyId = null, Func<string, string>? rewrite = null, Action<Dictionary<string, object?>>? head = null)
    {
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = Url,
            ["aud"] = "sluice",
            ["sub"] = "alice",
            ["name"] = "Alice",
            ["email"] = "alice@example.com",
            ["email_verified"] = true,
            ["groups"] = new[] { "data-admins" },
            ["nbf"] = now.AddMinutes(-5).ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        };
        adapt?.Invoke(claims);
        var header = new Dictionary<string, object?>(StringComparer.Ordinal) { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = keyId ?? KeyId };
        head?.Invoke(header);
        // Rewritten as text: no serializer writes half a surrogate pair.
        var body = JsonSerializer.Serialize(claims);
        var signed = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(Encoding.UTF8.GetBytes(rewrite is null ? body : rewrite(body)))}";
        return $"{signed}.{Encode(Sign(algorithm, key ?? Key, Encoding.ASCII.GetBytes(signed)))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Dispose();
    }

    private static byte[] Sign(string algorithm, RSA key, byte[] bytes) => algorithm switch
    {
        "none" => [],
        "RS256" => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "RS512" => key.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        // The classic confusion: the public key, which everyone has, as the secret of an HMAC.
        "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private Task AnswerAsync(HttpContext context)
    {
        Reads++;
        if (IsDown)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        }

        if (Drips) return DripAsync(context);
        var parameters = Key.ExportParameters(includePrivateParameters: false);
        return context.Request.Path.Value == "/.well-known/openid-configuration"
            ? context.Response.WriteAsJsonAsync(new { issuer = Url, jwks_uri = Url + "/jwks", padding = new string('x', Padding) })
            : context.Response.WriteAsJsonAsync(new
            {
                keys = new[] { new { kty = "RSA", use = "sig", kid = KeyId, alg = "RS256", n = Encode(parameters.Modulus!), e = Encode(parameters.Exponent!) } },
            });
    }

    private static async Task DripAsync(HttpContext context)
    {
        await context.Response.WriteAsync("{", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }
}
