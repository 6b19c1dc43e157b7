using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Platforms.OAuth;

/// <summary>
/// Reads a private key as payloads bring it: RSA in PKCS#8 PEM, plain or encrypted, its line ends real ones (a backslash before them or not),
/// <c>\n</c> or <c>\\n</c> (both as characters), or spaces. RS256 asks for 2,048 bits and more (RFC 7518, section 3.3), and so does Snowflake
/// ("Key-pair authentication").
/// </summary>
public static class PrivateKeyPem
{
    /// <summary>The shortest modulus, in bits.</summary>
    public const int MinBits = 2048;

    private const string Plain = "PRIVATE KEY";
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";

    /// <summary>The same key with real line ends, by which two spellings are compared and from which it is read.</summary>
    public static string Normalize(string content) =>
        content.Replace("\r", "", StringComparison.Ordinal).Replace("\\\\n", "\n", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal)
            .Replace("\\r", "", StringComparison.Ordinal).Replace("\\\n", "\n", StringComparison.Ordinal).Trim();

    /// <summary>What keeps a text from being the key, as the end of a sentence that begins with its name; null when nothing does.</summary>
    public static string? Problem(string content, string? password)
    {
        using var key = Read(content, password, out var problem);
        return problem;
    }

    /// <summary>Whether the text holds an encrypted key, so that a password is needed.</summary>
    public static bool IsEncrypted(string content) => TryFind(Normalize(content), out var label, out _) && label == Encrypted;

    /// <summary>Reads the key.</summary>
    /// <param name="content">The PEM text.</param>
    /// <param name="password">Of an encrypted key; ignored when the key is plain.</param>
    /// <param name="problem">As <see cref="Problem"/> tells it, never repeating the text; null with a key.</param>
    /// <returns>The key, which the caller disposes of; null with the problem.</returns>
    public static RSA? Read(string content, string? password, out string? problem)
    {
        if (!TryFind(Normalize(content), out var label, out var body))
        {
            problem = "is not a PEM text: it must begin with -----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----";
            return null;
        }

        problem = label switch
        {
            Plain => null,
            Encrypted when string.IsNullOrEmpty(password) => "is encrypted, and no password came with it",
            Encrypted => null,
            "RSA PRIVATE KEY" or "EC PRIVATE KEY" or "DSA PRIVATE KEY" or "OPENSSH PRIVATE KEY" =>
                $"is a {label}, not PKCS#8; convert it with: openssl pkcs8 -topk8 -in key.pem -out key.p8",
            _ => "holds no private key: its PEM label must be PRIVATE KEY or ENCRYPTED PRIVATE KEY",
        };
        return problem is null ? Import(body, label == Encrypted ? password : null, out problem) : null;
    }

    /// <summary>The certificate that stands beside the key in the same text, if one does; the caller disposes of it.</summary>
    public static X509Certificate2? Certificate(string content)
    {
        try
        {
            return X509Certificate2.CreateFromPem(Normalize(content));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static RSA? Import(byte[] der, string? password, out string? problem)
    {
        var rsa = RSA.Create();
        try
        {
            if (password is null) rsa.ImportPkcs8PrivateKey(der, out _);
            else rsa.ImportEncryptedPkcs8PrivateKey(password, der, out _);
        }
        catch (CryptographicException)
        {
            // The framework doesn't tell a wrong password from a damaged text.
            problem = password is null
                ? "is not the PKCS#8 form of an RSA private key"
                : "can't be decrypted with the password that came with it (or is no RSA key in PKCS#8)";
            rsa.Dispose();
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }

        problem = rsa.KeySize < MinBits ? $"has {rsa.KeySize} bits, and at least {MinBits} are needed" : null;
        if (problem is null) return rsa;
        rsa.Dispose();
        return null;
    }

    // The first block that is a key. The framework's own reader wants the body's line ends in place; here they may be spaces, for a text that
    // went through a shell.
    private static bool TryFind(string text, out string label, out byte[] der)
    {
        (label, der) = ("", []);
        for (var at = 0; ;)
        {
            var begin = text.IndexOf("-----BEGIN ", at, StringComparison.Ordinal);
            if (begin < 0) return false;
            var labelEnd = text.IndexOf("-----", begin + 11, StringComparison.Ordinal);
            if (labelEnd < 0) return false;
            var name = text[(begin + 11)..labelEnd];
            var end = text.IndexOf($"-----END {name}-----", labelEnd, StringComparison.Ordinal);
            if (end < 0) return false;
            at = end + 1;
            if (name.EndsWith("CERTIFICATE", StringComparison.Ordinal)) continue;
            label = name;
            try
            {
                der = Convert.FromBase64String(text[(labelEnd + 5)..end]);
            }
            catch (FormatException)
            {
                // A body with headers (PKCS#1, encrypted the old way) or damaged: the label tells which.
                der = [];
            }

            return true;
        }
    }
}
