namespace Sluice.Server.Configuration;

/// <summary>The certificate of https listeners.</summary>
/// <param name="CertificateFile">PEM: the server's certificate, then the chain.</param>
/// <param name="KeyFile">PEM; may be the same file.</param>
public sealed record TlsSettings(string CertificateFile, string KeyFile);
