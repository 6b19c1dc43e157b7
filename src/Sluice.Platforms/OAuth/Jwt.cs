using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sluice.Platforms.OAuth;

/// <summary>JSON Web Tokens signed with RS256 (RFC 7515; RFC 7518, section 3.3).</summary>
public static class Jwt
{
    /// <summary>Signs claims.</summary>
    /// <param name="header">Members of the header besides <c>alg</c> and <c>typ</c>, such as <c>x5t</c>.</param>
    /// <param name="claims">The claims.</param>
    /// <param name="key">The private key.</param>
    /// <returns>The compact form.</returns>
    public static string Sign(JsonObject header, JsonObject claims, RSA key)
    {
        var whole = header.DeepClone().AsObject();
        whole["alg"] = "RS256";
        whole["typ"] = "JWT";
        var signed = $"{Encode(whole)}.{Encode(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
