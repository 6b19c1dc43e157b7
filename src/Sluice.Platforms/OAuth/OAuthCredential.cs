using System.Text;

namespace Sluice.Platforms.OAuth;

/// <summary>By what a client proves itself at its authority. It never shows what it holds.</summary>
public abstract class OAuthCredential
{
    private protected OAuthCredential()
    {
    }

    /// <summary>
    /// A secret (<c>clientSecret</c>). It goes into the Authorization header (<c>client_secret_basic</c>), and into the form
    /// (<c>client_secret_post</c>) only where a discovery document offers that and not the other (RFC 6749, section 2.3.1).
    /// </summary>
    public static OAuthCredential OfSecret(string secret) => new OAuthSecret(secret);

    /// <summary>A certificate's private key, which signs an assertion (<c>private_key_jwt</c>; RFC 7523, section 2.2).</summary>
    /// <param name="content">A PEM text as <see cref="PrivateKeyPem"/> reads it (<c>oauthPrivateKey</c>).</param>
    /// <param name="password">Of an encrypted key.</param>
    /// <param name="thumbprint">By which the authority finds the certificate (<c>publicCertificateThumbprint</c>).</param>
    public static OAuthCredential OfKey(string content, string? password = null, Thumbprint? thumbprint = null) => new OAuthKey(content, password, thumbprint);

    /// <summary>Whether a text, such as an authority's error, repeats what must not be shown, in any form in which it is sent.</summary>
    internal abstract bool IsRepeatedBy(string text, string clientId);
}

/// <summary>A client's secret.</summary>
internal sealed class OAuthSecret(string secret) : OAuthCredential
{
    public string Secret => secret;

    /// <summary>
    /// The parameter of <c>client_secret_basic</c>: each part is form-encoded before they are joined (RFC 6749, section 2.3.1), so that a colon divides them.
    /// </summary>
    public string Basic(string clientId) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{FormEncoded(clientId)}:{FormEncoded(secret)}"));

    internal override bool IsRepeatedBy(string text, string clientId) =>
        secret.Length > 0 && ((string[])[secret, FormEncoded(secret), Basic(clientId)]).Any(sent => text.Contains(sent, StringComparison.Ordinal));

    // It leaves ~ . - _ as they are, which secrets are full of, for authorities that forget to decode.
    private static string FormEncoded(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}

/// <summary>A client's private key.</summary>
internal sealed class OAuthKey(string content, string? password, Thumbprint? thumbprint) : OAuthCredential
{
    // How every JSON Web Token begins: the base 64 of {" as the assertion has it.
    private const string TokenBegins = "eyJ";

    public string Content => content;

    public string? Password => password;

    public Thumbprint? Thumbprint => thumbprint;

    internal override bool IsRepeatedBy(string text, string clientId) => text.Contains(TokenBegins, StringComparison.Ordinal);
}
