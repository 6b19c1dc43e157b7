using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Platforms.OAuth;

/// <summary>
/// The digest of a certificate by which an authority finds it: SHA-1 (the header <c>x5t</c> of RFC 7515, section 4.1.7) or SHA-256
/// (<c>x5t#S256</c>). Written in hexadecimal, with or without colons, or in base 64, as the header has it or with the older alphabet.
/// </summary>
public sealed record Thumbprint
{
    private Thumbprint(string hex) => Hex = hex;

    /// <summary>In hexadecimal, upper case, without colons.</summary>
    public string Hex { get; }

    /// <summary>The header's name.</summary>
    public string Header => Hex.Length == 2 * SHA1.HashSizeInBytes ? "x5t" : "x5t#S256";

    /// <summary>The header's value.</summary>
    public string Encoded => Base64Url.EncodeToString(Convert.FromHexString(Hex));

    /// <summary>Reads one; null when it is none.</summary>
    public static Thumbprint? Parse(string spelled)
    {
        var text = spelled.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (IsDigest(text.Length / 2) && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit)) return new Thumbprint(text.ToUpperInvariant());
        text = text.Replace('+', '-').Replace('/', '_');
        if (!Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return IsDigest(bytes.Length) ? new Thumbprint(Convert.ToHexString(bytes)) : null;
    }

    /// <summary>Whether it is this certificate's.</summary>
    public bool IsOf(X509Certificate2 certificate) =>
        Hex == certificate.GetCertHashString(Hex.Length == 2 * SHA1.HashSizeInBytes ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);

    private static bool IsDigest(int bytes) => bytes is SHA1.HashSizeInBytes or SHA256.HashSizeInBytes;
}
