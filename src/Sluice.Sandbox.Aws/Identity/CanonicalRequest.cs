using System.Security.Cryptography;
using System.Text;

namespace Sluice.Sandbox.Aws.Identity;

/// <summary>
/// The canonical request and signature of Signature Version 4, from
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
/// </summary>
internal static class CanonicalRequest
{
    public static string Write(SignedRequest request, IEnumerable<string> signedHeaders)
    {
        var names = signedHeaders.ToArray();
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n');
        text.Append(Path(request.Path)).Append('\n');
        text.Append(Query(request.Query)).Append('\n');
        foreach (var name in names)
        {
            var values = request.Headers.TryGetValue(name, out var found) ? found : default;
            text.Append(name).Append(':').AppendJoin(',', values.Select(value => Squeeze(value ?? ""))).Append('\n');
        }

        text.Append('\n').AppendJoin(';', names).Append('\n');
        return text.Append(Hex(SHA256.HashData(request.Body.Span))).ToString();
    }

    public static string Sign(string secret, SignatureClaim claim, string time, string canonicalRequest)
    {
        var toSign = $"{SignatureClaim.Algorithm}\n{time}\n{claim.Scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)))}";
        var key = Mac(Encoding.UTF8.GetBytes("AWS4" + secret), claim.Date);
        key = Mac(key, claim.Region);
        key = Mac(key, claim.Service);
        key = Mac(key, "aws4_request");
        return Hex(Mac(key, toSign));
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Squeeze(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    // Dot segments and doubled slashes are resolved, then what is left is encoded once more: every service but S3.
    private static string Path(string path)
    {
        var segments = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment is not "..") segments.Add(Encode(segment));
            else if (segments.Count > 0) segments.RemoveAt(segments.Count - 1);
        }

        var closing = segments.Count > 0 && path.EndsWith('/') ? "/" : "";
        return $"/{string.Join('/', segments)}{closing}";
    }

    private static string Query(string query)
    {
        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair =>
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            var name = cut < 0 ? pair : pair[..cut];
            return (Name: Encode(Uri.UnescapeDataString(name)), Value: cut < 0 ? "" : Encode(Uri.UnescapeDataString(pair[(cut + 1)..])));
        });
        return string.Join('&', pairs
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            var character = (char)value;
            if (char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~') encoded.Append(character);
            else encoded.Append('%').Append(value.ToString("X2"));
        }

        return encoded.ToString();
    }
}
