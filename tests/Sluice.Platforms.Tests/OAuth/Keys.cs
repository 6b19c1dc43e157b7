using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Sluice.Platforms.Tests.OAuth;

/// <summary>Private keys of every form, made once.</summary>
internal static class Keys
{
    public const string Password = "key-passw0rd";

    private static readonly RSA Rsa = RSA.Create(2048);

    /// <summary>PKCS#8.</summary>
    public static string Plain { get; } = Rsa.ExportPkcs8PrivateKeyPem();

    public static string Encrypted { get; } = Rsa.ExportEncryptedPkcs8PrivateKeyPem(
        Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000));

    public static string Pkcs1 { get; } = Rsa.ExportRSAPrivateKeyPem();

    public static string Short { get; } = NewKey(1024);

    public static string Elliptic { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem();

    /// <summary>The public half, in PEM.</summary>
    public static string Public { get; } = Rsa.ExportSubjectPublicKeyInfoPem();

    /// <summary>Of the key, signed by itself.</summary>
    public static X509Certificate2 Certificate { get; } = CertificateOf(Rsa);

    /// <summary>A key like no other, in PKCS#8.</summary>
    public static string NewKey(int bits = 2048)
    {
        using var key = RSA.Create(bits);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public static X509Certificate2 CertificateOf(RSA key)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    /// <summary>The header and claims of a token that the key signed; another's fails the test.</summary>
    public static (JsonElement Header, JsonElement Claims) Verified(string token)
    {
        var parts = token.Split('.');
        Rsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
        return (JsonElement.Parse(Base64Url.DecodeFromChars(parts[0])), JsonElement.Parse(Base64Url.DecodeFromChars(parts[1])));
    }
}
