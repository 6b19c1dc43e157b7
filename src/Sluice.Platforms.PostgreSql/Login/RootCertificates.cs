using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>The authorities of <c>sslRootCertificate</c>.</summary>
internal static class RootCertificates
{
    private const int MaxLength = 64 * 1024;

    /// <summary>What keeps a text from being PEM certificates, or null.</summary>
    public static string? Problem(string pem)
    {
        if (pem.Length > MaxLength) return $"is longer than {MaxLength} characters";

        // The document is shown to everyone who may read the connection.
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal)) return "holds a private key; only certificates belong here";
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            return certificates.Count > 0 ? null : "holds no PEM certificate (-----BEGIN CERTIFICATE-----)";
        }
        catch (CryptographicException)
        {
            return "is not readable as PEM certificates";
        }
        finally
        {
            Dispose(certificates);
        }
    }

    /// <summary>The certificates of a text that has no <see cref="Problem"/>.</summary>
    public static X509Certificate2Collection Load(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    public static void Dispose(X509Certificate2Collection certificates)
    {
        foreach (var certificate in certificates) certificate.Dispose();
    }
}
