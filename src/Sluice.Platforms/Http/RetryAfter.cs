using System.Net.Http.Headers;

namespace Sluice.Platforms.Http;

/// <summary>The Retry-After header (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>How long to wait, from seconds or from a date; null without a header that can be read.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.RetryAfter is not { } header)
            return null;
        var wait = header.Delta ?? (header.Date - now);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
