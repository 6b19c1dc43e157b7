using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Server.Configuration;

/// <summary>The certificate of https listeners.</summary>
/// <param name="CertificateFile">PEM: the server's certificate, then the chain.</param>
/// <param name="KeyFile">PEM; may be the same file.</param>
public sealed record TlsSettings(string CertificateFile, string KeyFile)
{
    /// <summary>Why the files are of no use; null when they are.</summary>
    internal string? Problem
    {
        get
        {
            try
            {
                using var certificate = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
                return null;
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                return $"'{CertificateFile}' and '{KeyFile}' hold no PEM certificate with its private key (not encrypted, and of that certificate)";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return e.Message;
            }
        }
    }
}
