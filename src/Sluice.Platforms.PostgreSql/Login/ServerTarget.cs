using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>A server and an account on it, as the payload names them; the password is kept apart.</summary>
internal sealed record ServerTarget(
    string Hostname, int Port, string Database, string Username, TlsMode Tls, string? RootCertificate)
{
    public const int DefaultPort = 5432;
    public const string DefaultDatabase = "postgres";
    public const string AuthenticationType = "userPassword";

    /// <summary>The host in the form that certificates and comparisons use: no brackets, no dot at the end, lower case.</summary>
    public string CanonicalHost => Hostname.TrimStart('[').TrimEnd(']').TrimEnd('.').ToLowerInvariant();

    /// <summary>Host and port, for people.</summary>
    public string Address => CanonicalHost.Contains(':') ? $"[{CanonicalHost}]:{Port}" : $"{CanonicalHost}:{Port}";

    /// <summary>The stored document, defaults spelled out.</summary>
    public JsonElement ToDocument()
    {
        var document = new JsonObject
        {
            ["technology"] = Core.Connections.Technology.PostgreSql.Name,
            ["authenticationType"] = AuthenticationType,
            ["hostname"] = Hostname,
            ["port"] = Port,
            ["database"] = Database,
            ["username"] = Username,
            ["sslMode"] = Tls.Name(),
        };
        if (RootCertificate is not null) document["sslRootCertificate"] = RootCertificate;
        return JsonSerializer.SerializeToElement(document);
    }

    /// <summary>Reads what <see cref="ToDocument"/> wrote.</summary>
    public static ServerTarget FromDocument(JsonElement document) => new(
        document.GetProperty("hostname").GetString()!,
        document.GetProperty("port").GetInt32(),
        document.GetProperty("database").GetString()!,
        document.GetProperty("username").GetString()!,
        TlsModes.Parse(document.GetProperty("sslMode").GetString()!),
        document.TryGetProperty("sslRootCertificate", out var certificate) ? certificate.GetString() : null);

    /// <summary>
    /// Where the password goes and what proves that it goes there, canonical. A weaker TLS mode or another authority lets another server
    /// take it, so they are part of it. As JSON, so that no name can pass for two.
    /// </summary>
    public string SecretDestination() => JsonSerializer.Serialize(new[]
    {
        Core.Connections.Technology.PostgreSql.Name, CanonicalHost, $"{Port}", Username, Tls.Name(),
        RootCertificate is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RootCertificate))),
    });
}
