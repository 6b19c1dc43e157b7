using System.Security.Cryptography;
using System.Text;

namespace Sluice.Platforms.LakeFormation.Identity;

/// <summary>
/// Signs requests with AWS Signature Version 4. Every header the request has when it is signed is part of the signature, and so are the
/// exact bytes of the body. Requests have no query: none of the three services' calls does.
/// </summary>
internal sealed class SigV4Signer(string region, string service)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private DerivedKey? _lastKey;

    /// <summary>Adds Host, X-Amz-Date, X-Amz-Security-Token and Authorization.</summary>
    /// <exception cref="ArgumentException">The request has a query.</exception>
    public void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, AwsCredentials credentials, DateTimeOffset now)
    {
        var uri = request.RequestUri!;
        if (uri.Query.Length > 0) throw new ArgumentException("A signed request has no query.", nameof(request));
        var stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'");
        var date = stamp[..8];
        request.Headers.Host = uri.Authority;
        request.Headers.TryAddWithoutValidation("X-Amz-Date", stamp);
        if (credentials.SessionToken is { } token) request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", token);

        var headers = CanonicalHeaders(request);
        var names = string.Join(';', headers.Keys);
        var canonical = new StringBuilder()
            .Append(request.Method.Method).Append('\n')
            .Append(uri.AbsolutePath).Append("\n\n");
        foreach (var (name, value) in headers) canonical.Append(name).Append(':').Append(value).Append('\n');
        canonical.Append('\n').Append(names).Append('\n').Append(Hex(SHA256.HashData(body)));

        var scope = $"{date}/{region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        var signature = Hex(HMACSHA256.HashData(KeyOf(credentials.SecretAccessKey, date), Encoding.UTF8.GetBytes(toSign)));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    private static SortedDictionary<string, string> CanonicalHeaders(HttpRequestMessage request)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var header in request.Headers.NonValidated) Add(header.Key, header.Value);
        if (request.Content is { } content)
            foreach (var header in content.Headers.NonValidated) Add(header.Key, header.Value);

        // The transport sets the length itself, and a proxy may send the same bytes chunked.
        headers.Remove("content-length");
        return headers;

        void Add(string name, System.Net.Http.Headers.HeaderStringValues values) =>
            headers[name.ToLowerInvariant()] = string.Join(',', values.Select(Collapsed));
    }

    private static string Collapsed(string value) =>
        value.Contains("  ", StringComparison.Ordinal) || value.AsSpan().Trim(' ').Length != value.Length
            ? string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : value;

    // The derived key holds for a day and a secret: one request in a crawl of thousands computes it.
    private byte[] KeyOf(string secret, string date)
    {
        if (Volatile.Read(ref _lastKey) is { } last && last.Secret == secret && last.Date == date) return last.Key;
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (ReadOnlySpan<string>)[date, region, service, "aws4_request"])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        Volatile.Write(ref _lastKey, new DerivedKey(secret, date, key));
        return key;
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private sealed class DerivedKey(string secret, string date, byte[] key)
    {
        public string Secret { get; } = secret;

        public string Date { get; } = date;

        public byte[] Key { get; } = key;
    }
}
