using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Sluice.Sandbox.Aws.Identity;

/// <summary>The parts of a request that a signature covers.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path as it stood on the request line.</param>
/// <param name="Query">The query as it stood on the request line, without the question mark.</param>
/// <param name="Headers">All headers as received.</param>
/// <param name="Body">The body as received.</param>
internal sealed record SignedRequest(
    string Method,
    string Path,
    string Query,
    IReadOnlyDictionary<string, StringValues> Headers,
    ReadOnlyMemory<byte> Body)
{
    public string? Header(string name) => Headers.TryGetValue(name, out var values) && values.Count > 0 ? values.ToString() : null;
}

/// <summary>An Authorization header of Signature Version 4, taken apart.</summary>
internal sealed record SignatureClaim(string AccessKeyId, string Date, string Region, string Service, string[] SignedHeaders, string Signature)
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    public string Scope => $"{Date}/{Region}/{Service}/aws4_request";

    public static SignatureClaim? Parse(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal)) return null;
        string? credential = null, headers = null, signature = null;
        foreach (var part in authorization[(Algorithm.Length + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("Credential=", StringComparison.Ordinal)) credential = part[11..];
            else if (part.StartsWith("SignedHeaders=", StringComparison.Ordinal)) headers = part[14..];
            else if (part.StartsWith("Signature=", StringComparison.Ordinal)) signature = part[10..];
        }

        var scope = credential?.Split('/');
        if (scope is not [var key, var date, var region, var service, "aws4_request"] || headers is null || signature is null) return null;
        return new(key, date, region, service, headers.Split(';'), signature);
    }

    public static bool TryReadTime(string? text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text,
        "yyyyMMdd'T'HHmmss'Z'",
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out time);
}
