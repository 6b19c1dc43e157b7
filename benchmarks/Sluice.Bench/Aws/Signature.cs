using System.Security.Cryptography;
using System.Text;

namespace Sluice.Bench.Aws;

/// <summary>AWS Signature Version 4 for requests without a query, written for the baseline alone: it must owe the server nothing.</summary>
internal sealed class Signature(string accessKeyId, string secretAccessKey, string region, TimeProvider time)
{
    // One reference, so that concurrent calls see all of it or none.
    private DayKey? _last;

    public void Sign(HttpRequestMessage request, string service, string path, string contentType, string? target, ReadOnlySpan<byte> body)
    {
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'");
        var date = stamp[..8];
        var host = request.RequestUri!.Authority;
        var names = target is null ? "content-type;host;x-amz-date" : "content-type;host;x-amz-date;x-amz-target";
        var canonical = $"POST\n{path}\n\ncontent-type:{contentType}\nhost:{host}\nx-amz-date:{stamp}\n"
            + (target is null ? "" : $"x-amz-target:{target}\n") + $"\n{names}\n{Hex(SHA256.HashData(body))}";
        var scope = $"{date}/{region}/{service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signature = Hex(HMACSHA256.HashData(Key(date, service), Encoding.UTF8.GetBytes(toSign)));
        request.Headers.Host = host;
        request.Headers.TryAddWithoutValidation("X-Amz-Date", stamp);
        if (target is not null) request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={accessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    private byte[] Key(string date, string service)
    {
        if (_last is { } last && last.Date == date && last.Service == service) return last.Key;
        var key = Encoding.UTF8.GetBytes("AWS4" + secretAccessKey);
        foreach (var part in (string[])[date, region, service, "aws4_request"]) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        _last = new DayKey(date, service, key);
        return key;
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private sealed record DayKey(string Date, string Service, byte[] Key);
}
