using System.Security.Cryptography;

namespace Sluice.Platforms.Snowflake.Tests.Fakes;

/// <summary>Private keys of every documented and undocumented form, made once.</summary>
internal static class Keys
{
    public const string Password = "key-passw0rd";

    private static readonly RSA Rsa = RSA.Create(2048);

    /// <summary>PKCS#8.</summary>
    public static string Plain { get; } = Rsa.ExportPkcs8PrivateKeyPem();

    public static string Encrypted { get; } = Rsa.ExportEncryptedPkcs8PrivateKeyPem(
        Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000));

    public static string Pkcs1 { get; } = Rsa.ExportRSAPrivateKeyPem();

    public static string Short { get; } = Exported(1024);

    public static string Elliptic { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem();

    /// <summary>The public half.</summary>
    public static RSA Public
    {
        get
        {
            var key = RSA.Create();
            key.ImportSubjectPublicKeyInfo(Rsa.ExportSubjectPublicKeyInfo(), out _);
            return key;
        }
    }

    public static string Fingerprint => "SHA256:" + Convert.ToBase64String(SHA256.HashData(Rsa.ExportSubjectPublicKeyInfo()));

    /// <summary>With its line ends written as a backslash and an n.</summary>
    public static string Escaped(string pem) => pem.ReplaceLineEndings("\\n");

    /// <summary>And with two backslashes.</summary>
    public static string TwiceEscaped(string pem) => pem.ReplaceLineEndings("\\\\n");

    private static string Exported(int bits)
    {
        using var key = RSA.Create(bits);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
